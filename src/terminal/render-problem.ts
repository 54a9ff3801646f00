import { formatLocation, type Location, type Problem } from '../domain/index.ts'
import type { Style } from './style.ts'

/** Something a user should know although the work was done; a finding is one too. */
export interface Warning {
  readonly message: string
  readonly code?: string
  readonly rule?: string
  readonly hint?: string
  readonly at?: Location
}

/** A problem for a person, in lines: where, what, how to fix it, how to learn more. No line break at the end. */
export function renderProblem(problem: Problem, style: Style): string {
  const place = problem.at === undefined ? '' : `${formatLocation(problem.at)}: `
  const lines = [
    `${style.red('error')} ${style.bold(problem.code)}`,
    indent(`${place}${problem.message}`),
    indent(`${style.cyan('hint:')} ${problem.hint}`),
    indent(style.dim(`More: barbacane explain ${problem.code}`)),
  ]
  return lines.join('\n')
}

/** A warning for a person, in one or two lines. */
export function renderWarning(warning: Warning, style: Style): string {
  const place = warning.at === undefined ? '' : `${formatLocation(warning.at)}: `
  const name = warning.rule ?? warning.code
  const line = `${style.yellow('warning')} ${place}${warning.message}${name === undefined ? '' : ` ${style.dim(`[${name}]`)}`}`
  return warning.hint === undefined ? line : `${line}\n${indent(`${style.cyan('hint:')} ${warning.hint}`)}`
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ')
}
