import { fullFormats } from 'ajv-formats/dist/formats.js'

import type { Assertion } from './evaluation.ts'

/** The check of a format; one that nobody knows says nothing (JSON Schema 2020-12 validation §7.2). */
export function formatCheck(name: string): Assertion {
  const { type, isValid } = formatOf(name)
  const reason = `must match format "${name}"`
  return (value) => (typeof value !== type || isValid(value) ? undefined : reason)
}

/** What a format asks of values of one type. */
export interface FormatCheck {
  readonly type: 'string' | 'number'
  readonly isValid: (value: unknown) => boolean
}

/** The format of a name; one that nobody knows accepts every text. */
export function formatOf(name: string): FormatCheck {
  return checkerOf(Object.hasOwn(fullFormats, name) ? fullFormats[name as keyof typeof fullFormats] : true)
}

/** Formats come as patterns, functions, or objects around one of the two; true where there is nothing to check. */
function checkerOf(format: unknown): FormatCheck {
  if (format instanceof RegExp) return { type: 'string', isValid: (value) => format.test(value as string) }
  if (typeof format === 'function') {
    return { type: 'string', isValid: (value) => format(value) === true }
  }
  if (typeof format !== 'object' || format === null || !('validate' in format)) {
    return { type: 'string', isValid: () => true }
  }
  const { isValid } = checkerOf(format.validate)
  return { type: 'type' in format && format.type === 'number' ? 'number' : 'string', isValid }
}
