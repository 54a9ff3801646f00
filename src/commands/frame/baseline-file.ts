import { readFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'

import type { Baseline, BaselineEntry, ComparedFindings } from '../../compiler/lint/index.ts'
import { decode, systemReason, type Finding, type Host } from '../../domain/index.ts'
import { counted, type Warning } from '../../terminal/index.ts'
import { commandProblems as problems } from '../problems.ts'

/** What a baseline knows: how many of the findings, and what nobody found. */
export interface KnownFindings {
  readonly known: number
  readonly stale: readonly BaselineEntry[]
}

/** A report on more than a hundred thousand findings; a larger file is none of ours. */
const MAX_BYTES = 64 * 1024 * 1024

/**
 * Sets findings, with files relative to the project, against the baseline in a file.
 *
 * @throws {ProblemError} BCN_LINT_BASELINE
 */
export async function compareWithFile(
  findings: readonly Finding[],
  path: string,
  host: Host,
): Promise<ComparedFindings> {
  const { compareWithBaseline, parseBaseline } = await import('../../compiler/lint/index.ts')
  return compareWithBaseline(findings, await readBaseline(path, host, parseBaseline))
}

/**
 * Writes findings, with files relative to the project, as a baseline: the old file or the whole new one.
 *
 * @throws {ProblemError} BCN_ARTIFACT_NOT_WRITTEN
 */
export async function writeBaseline(findings: readonly Finding[], path: string, host: Host): Promise<number> {
  const { createBaseline } = await import('../../compiler/lint/index.ts')
  const { writeFileAtomic } = await import('../../artifact/index.ts')
  const baseline = createBaseline(findings)
  const bytes = Buffer.from(`${JSON.stringify(baseline, undefined, 2)}\n`)
  await writeFileAtomic(resolve(host.cwd, path), bytes, host.signal)
  return baseline.findings.reduce((sum, { count }) => sum + count, 0)
}

/** Says which entries of a baseline are no longer needed. */
export function staleWarnings(stale: readonly BaselineEntry[], path: string): readonly Warning[] {
  if (stale.length === 0) return []
  const count = stale.reduce((sum, entry) => sum + entry.count, 0)
  const places = [...new Set(stale.map(({ rule, file }) => `${rule} in ${file}`))]
  const rest = places.length > 3 ? ` and ${places.length - 3} more` : ''
  const message = `${counted(count, 'finding')} of the baseline ${path} no longer occur${count === 1 ? 's' : ''}: ${places.slice(0, 3).join(', ')}${rest}`
  const hint = 'Write it again with `barbacane lint --write-baseline`, so that they do not come back unseen.'
  return [{ message, hint }]
}

async function readBaseline(path: string, host: Host, parse: (text: string) => Baseline): Promise<Baseline> {
  const file = resolve(host.cwd, path)
  const shown = relative(host.cwd, file)
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (error) {
    throw problems.BCN_LINT_BASELINE({ path: shown, reason: systemReason(error) }, { cause: error })
  }
  if (bytes.length > MAX_BYTES) throw problems.BCN_LINT_BASELINE({ path: shown, reason: 'it is too large' })
  try {
    return parse(Buffer.from(bytes).toString('utf8'))
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof decode.DecodeError)) throw error
    throw problems.BCN_LINT_BASELINE(
      { path: shown, reason: error.message.replaceAll(/\s+/g, ' ') },
      { cause: error },
    )
  }
}
