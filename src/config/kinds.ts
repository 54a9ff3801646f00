import { inputPathFault, isDigest, type Digest } from '../domain/index.ts'
import { projectPath } from './faults.ts'
import type { Kind } from './members.ts'

const CONTROL = /[\p{Cc}\u2028\u2029]/u

/** One line of text that is not empty. */
export function lineOf(hint: string): Kind<string> {
  return {
    what: 'a line of text',
    hint,
    accept: (value) =>
      typeof value === 'string' && value.trim() !== '' && !CONTROL.test(value) ? value : undefined,
  }
}

/** Text that matches an expression. */
export function matching(pattern: RegExp, what: string, hint: string): Kind<string> {
  return {
    what,
    hint,
    accept: (value) => (typeof value === 'string' && pattern.test(value) ? value : undefined),
  }
}

/** One of a few words. */
export function wordOf<const T extends string>(words: readonly T[]): Kind<T> {
  return {
    what: `one of ${words.join(', ')}`,
    hint: `Write ${words.map((word) => `\`${word}\``).join(' or ')}.`,
    accept: (value) => words.find((word) => word === value),
  }
}

/** `true` or `false`. */
export const flag: Kind<boolean> = {
  what: 'true or false',
  hint: 'Write `true` or `false`.',
  accept: (value) => (typeof value === 'boolean' ? value : undefined),
}

/** `sha256:` and 64 hex digits. */
export const digest: Kind<Digest> = {
  what: 'a sha256 digest',
  hint: 'Write `sha256:` and 64 lower-case hex digits, as `barbacane inspect` prints them.',
  accept: (value) => (isDigest(value) ? value : undefined),
}

/** A time in UTC with whole seconds (RFC 3339). */
export const time: Kind<string> = {
  what: 'a time in UTC with whole seconds',
  hint: "Write it as '2026-01-02T03:04:05Z'.",
  accept: (value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) && isTime(value)
      ? value
      : undefined,
}

// Date.parse takes the 31st of a month of 30 days for the 1st of the next.
function isTime(value: string): boolean {
  const ms = Date.parse(value)
  return !Number.isNaN(ms) && new Date(ms).toISOString() === value.replace('Z', '.000Z')
}

/** A file below the folder of the file that names it; POSIX. */
export const pathWithin: Kind<string> = {
  what: 'a path below the folder of this file',
  hint: 'Write it relative to this file, with `/`, and keep it below the folder of this file.',
  accept: (value) => {
    if (typeof value !== 'string' || value === '') return undefined
    const path = projectPath(value)
    return path !== '.' && inputPathFault(path) === undefined ? path : undefined
  },
}

/** A file anywhere on the machine. */
export const path: Kind<string> = {
  what: 'a path',
  hint: 'Write the path of a file, relative to this file or absolute.',
  accept: (value) => (typeof value === 'string' && value !== '' && !CONTROL.test(value) ? value : undefined),
}
