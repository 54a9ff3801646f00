import type { Problem } from '../domain/index.ts'
import { oneLine } from './plain-text.ts'
import { renderProblem } from './render-problem.ts'
import type { Style } from './style.ts'

/** The parts of a verification that its page shows. */
export interface VerificationPage {
  readonly verified: boolean
  readonly target: { readonly name: string }
  readonly artifact_hash: string | null
  readonly chain: readonly {
    readonly name: string
    readonly status: 'verified' | 'failed' | 'skipped' | 'unreached'
    readonly outcome: string
  }[]
  readonly problem?: Problem
}

const WORDS = { verified: 'ok', failed: 'FAILED', skipped: '-', unreached: '-' } as const
const STATUS_WIDTH = 8
const NAME_WIDTH = 12

/** The chain of a verification, link by link, then the verdict. */
export function renderVerification(page: VerificationPage, style: Style): string {
  const reached = page.chain.filter(({ status }) => status !== 'unreached')
  const lines = reached.map(({ name, status, outcome }) => {
    const paint = status === 'verified' ? style.green : status === 'failed' ? style.red : style.dim
    const text = oneLine(outcome)
    return row(paint(WORDS[status].padEnd(STATUS_WIDTH)), name, status === 'skipped' ? style.dim(text) : text)
  })
  const unreached = page.chain.filter(({ status }) => status === 'unreached').map(({ name }) => name)
  const rest =
    unreached.length === 0
      ? []
      : [style.dim(row('-'.padEnd(STATUS_WIDTH), 'unreached', unreached.join(', ')))]
  return [...lines, ...rest, '', verdict(page, style)].join('\n')
}

function row(mark: string, name: string, text: string): string {
  return `${mark}${name.padEnd(NAME_WIDTH)}${text}`
}

function verdict({ verified, target, artifact_hash: hash, problem }: VerificationPage, style: Style): string {
  if (problem !== undefined) return renderProblem(problem, style)
  const word = verified ? style.green('verified') : style.red('not verified')
  return `${word} ${oneLine(target.name)} ${hash ?? ''}`
}
