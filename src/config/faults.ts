import { posix } from 'node:path'

import { didYouMean, inputPathFault, nounOf } from '../domain/index.ts'
import type { Fault } from './manifest-document.ts'

/** The POSIX path without `./`, `//` and a slash at the end. */
export function projectPath(text: string): string {
  return posix.normalize(text).replace(/\/$/, '')
}

/** Reports what keeps a text from being a path of the project; true where there is something. */
export function pathFaults(text: string, at: Fault['at'], faults: Fault[]): boolean {
  const path = projectPath(text)
  const fault = path === '.' ? undefined : inputPathFault(path)
  if (fault === undefined) return false
  const hint = 'Write it relative to this file, with `/`, and keep it below the folder of this file.'
  faults.push({ at, message: `${JSON.stringify(text)} cannot be a path of the project: ${fault}`, hint })
  return true
}

/** Keys that nobody knows, with the one that may be meant. */
export function unknownKeys(
  at: readonly string[],
  value: Readonly<Record<string, unknown>>,
  known: readonly string[],
): readonly Fault[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const hint = didYouMean(key, known, `Known are: ${known.join(', ')}.`)
      return { at: [...at, key], part: 'key' as const, message: `The key \`${key}\` is unknown`, hint }
    })
}

/** What is wrong with the `version` of a file of which there is only the first version. */
export function versionFaults(version: unknown): readonly Fault[] {
  if (version === 1) return []
  const hint = 'Write `version: 1`.'
  if (version === undefined) return [{ at: [], message: 'The key `version` is missing', hint }]
  return [{ at: ['version'], message: `The version is ${nounOf(version)}, not 1`, hint }]
}
