import { stripVTControlCharacters } from 'node:util'

import { closestName, isProblemError, type Problem } from '../../domain/index.ts'
import { commandProblems as problems } from '../problems.ts'

export interface CommandContext {
  /** As typed, e.g. `lint`. */
  readonly command: string
  readonly flags: readonly string[]
}

/** Any error as a problem: ours as it is, oclif's usage errors reworded, everything else as a bug. */
export function problemOf(error: unknown, context: CommandContext): Problem {
  if (isProblemError(error)) return error.problem
  if (isUsageError(error)) return usageProblem(error, context)
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return problems.BCN_INTERNAL_BUG({ reason }).problem
}

interface UsageError extends Error {
  readonly flags?: readonly string[]
}

// oclif marks the errors of its parser, and those of a flag's own parse function, with exit code 2.
function isUsageError(error: unknown): error is UsageError {
  if (!(error instanceof Error) || !('oclif' in error)) return false
  return (error.oclif as { readonly exit?: unknown }).exit === 2
}

function usageProblem(error: UsageError, { command, flags }: CommandContext): Problem {
  const unknown = error.constructor.name === 'NonExistentFlagsError' ? error.flags?.[0] : undefined
  const fault = unknown === undefined ? plainMessage(error) : `There is no flag ${unknown}.`
  const meant = unknown === undefined ? undefined : closestName(unknown.replace(/^-+/, ''), flags)
  const suggestion = meant === undefined ? undefined : `--${meant}`
  return problems.BCN_CLI_USAGE({ fault, command, suggestion }).problem
}

function plainMessage(error: Error): string {
  const lines = stripVTControlCharacters(error.message)
    .replace(/\n*See more help with --help$/, '')
    .replace(/^The following errors? occurred:\s*/, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return lines.join('\n')
}
