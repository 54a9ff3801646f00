import type { JsonObject } from './json.ts'
import type { JsonSchema } from './plan.ts'

/** A middleware or dispatcher that the data plane has itself, with the schema of its configuration. */
export type Builtin = BuiltinDispatcher | BuiltinMiddleware

interface BuiltinText {
  readonly name: string
  readonly summary: string
  /** Paragraphs of Markdown for its reference page. */
  readonly notes?: readonly string[]
  /** A configuration for its reference page. */
  readonly example?: JsonObject
  readonly config: JsonSchema
}

export interface BuiltinDispatcher extends BuiltinText {
  readonly type: 'dispatcher'
}

export interface BuiltinMiddleware extends BuiltinText {
  readonly type: 'middleware'
  /**
   * `access` runs before the request is validated, so that nobody who may not call learns what is wrong with a call;
   * `content` runs after it, on requests that fit the description.
   */
  readonly stage: 'access' | 'content'
}

/** A schema of a configuration: an object without members that are not declared. */
export function configOf(properties: JsonObject, required: readonly string[] = []): JsonObject {
  const base = { type: 'object', additionalProperties: false, properties }
  return required.length === 0 ? base : { ...base, required }
}

/** A text, with what it means. */
export function text(description: string, more: JsonObject = {}): JsonObject {
  return { type: 'string', description, ...more }
}

export function flag(description: string, standard: boolean): JsonObject {
  return { type: 'boolean', default: standard, description }
}

/** A list of texts without repetitions. */
export function texts(description: string, more: JsonObject = {}): JsonObject {
  return { type: 'array', uniqueItems: true, items: { type: 'string', minLength: 1 }, description, ...more }
}

export function whole(description: string, more: JsonObject): JsonObject {
  return { type: 'integer', description, ...more }
}

/** Seconds, fractions allowed. */
export function seconds(description: string, standard: number, maximum = 86_400): JsonObject {
  return {
    type: 'number',
    minimum: 0,
    maximum,
    default: standard,
    description: `${description}, in seconds.`,
  }
}

/** The name of a header field (RFC 9110 §5.1). */
export const FIELD_NAME = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"

/** A status of an answer that refuses. */
export function refusal(standard: number): JsonObject {
  return whole('Status of the refusal.', { minimum: 400, maximum: 599, default: standard })
}
