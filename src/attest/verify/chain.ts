import { ExitCode, isProblemError, type Problem, type ProblemCode } from '../../domain/index.ts'

/** The links of the chain from a file back to its commit, in the order in which they are checked. */
const linkNames = [
  'artifact',
  'signature',
  'signer',
  'statement',
  'subject',
  'inputs',
  'origin',
  'sbom',
  'git',
  'rebuild',
] as const

export type LinkName = (typeof linkNames)[number]

/** What was checked of one link, and how it went. */
export interface ChainLink {
  readonly name: LinkName
  /** `skipped`: not asked for or nothing to check; `unreached`: an earlier link failed. */
  readonly status: 'verified' | 'failed' | 'skipped' | 'unreached'
  /** What was found. */
  readonly outcome: string
  readonly code?: ProblemCode
}

/** What a check says when it holds; `skipped` where there was nothing to check. */
export interface LinkOutcome<T> {
  readonly value: T
  readonly outcome: string
  readonly skipped?: boolean
}

/** Collects links; {@link Chain.link} runs a check and records it, also when it fails. */
export interface Chain {
  readonly links: readonly ChainLink[]
  link<T>(name: LinkName, check: () => LinkOutcome<T> | Promise<LinkOutcome<T>>): Promise<T>
}

/** Begins a chain, or continues one. */
export function openChain(begun: readonly ChainLink[] = []): Chain {
  const links: ChainLink[] = [...begun]
  return {
    links,
    link: async (name, check) => {
      try {
        const { value, outcome, skipped } = await check()
        links.push({ name, status: skipped === true ? 'skipped' : 'verified', outcome })
        return value
      } catch (error) {
        if (isVerdict(error)) {
          const { code, message } = error.problem
          links.push({ name, status: 'failed', outcome: message, code })
        }
        throw error
      }
    },
  }
}

/** The chain with the links that were not reached. */
export function completeChain(links: readonly ChainLink[]): readonly ChainLink[] {
  const last = links.at(-1)
  const missing = linkNames.filter((name) => !links.some((link) => link.name === name))
  if (last?.status !== 'failed') return links
  return [
    ...links,
    ...missing.map((name): ChainLink => ({
      name,
      status: 'unreached',
      outcome: 'an earlier link does not hold',
    })),
  ]
}

/** True for an error that answers the question (not verified, inconclusive) and not one that prevents an answer. */
export function isVerdict(error: unknown): error is Error & { readonly problem: Problem } {
  if (!isProblemError(error)) return false
  return error.problem.exit === ExitCode.notVerified || error.problem.exit === ExitCode.inconclusive
}
