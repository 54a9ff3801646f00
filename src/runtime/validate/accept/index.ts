import type { JsonSchema } from '../../../domain/index.ts'
import type { MakePattern } from '../make-pattern.ts'
import { compileRules, FREE } from './compile-rules.ts'
import { matches } from './matcher.ts'

/**
 * True for bytes that surely are JSON that a schema accepts. False says nothing: whoever gets it has to parse and to
 * judge the value, and to say what is wrong with it.
 */
export type AcceptBytes = (bytes: Buffer) => boolean

/** Accepts bytes that are JSON, whatever it says. */
export const acceptJson: AcceptBytes = (bytes) => matches(bytes, FREE)

/**
 * Makes a validator that reads a body's bytes once and makes no value of them: most bodies are valid, and of those nothing
 * else is asked. By a schema with a keyword that it cannot tell by itself it accepts nothing.
 */
export function createAccept(schema: JsonSchema, makePattern: MakePattern): AcceptBytes {
  const rules = compileRules(schema, makePattern)
  return rules === undefined ? () => false : (bytes) => matches(bytes, rules)
}
