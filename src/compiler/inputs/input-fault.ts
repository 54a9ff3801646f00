import type { Finding, Location } from '../../domain/index.ts'

/** A finding of the rule that files which are compiled are the same on every machine. */
export function inputFault(at: Location, message: string, hint: string): Finding {
  return { rule: 'input-file', severity: 'error', message, hint, at }
}

/** The beginning of a file. */
export function startOf(file: string): Location {
  return { file, line: 1, col: 1 }
}
