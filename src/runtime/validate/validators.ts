import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import type { DataValidateFunction } from 'ajv/dist/types/index.js'
import addFormats from 'ajv-formats'

import {
  appendPointer,
  needsExactEngine,
  schemaDialect,
  type GuardedPatterns,
  type JsonSchema,
  type JsonValue,
} from '../../domain/index.ts'
import { createAccept, type AcceptBytes } from './accept/index.ts'
import { assertionOf, createExactValidate } from './exact/index.ts'
import { patternMaker, type MakePattern } from './make-pattern.ts'
import type { SchemaFault, Validate } from './validate.ts'

export interface Validators {
  /** The validator of a schema of the plan, compiled at its first use. */
  readonly at: (index: number) => Validate
  /** What accepts most bytes that a schema of the plan accepts, before they are parsed. */
  readonly acceptAt: (index: number) => AcceptBytes
  /** Compiles what is not compiled yet, one at a time between requests; stops when the signal is aborted. */
  readonly warm: (signal: AbortSignal, onError: (error: Error) => void) => Promise<void>
}

/** A schema of the dialect of the plan, compiled. */
export function compileSchema(schema: JsonSchema, guarded?: GuardedPatterns): Validate {
  const makePattern = patternMaker(guarded)
  return compileWith(createAjv(makePattern), schema, makePattern)
}

/** The validators of a plan's schemas. */
export function createValidators(schemas: readonly JsonSchema[], guarded?: GuardedPatterns): Validators {
  const makePattern = patternMaker(guarded)
  const ajv = createAjv(makePattern)
  const compiled: (Validate | undefined)[] = schemas.map(() => undefined)
  const at = (index: number) =>
    (compiled[index] ??= compileWith(ajv, schemas[index] as JsonSchema, makePattern))
  const accepts: (AcceptBytes | undefined)[] = schemas.map(() => undefined)
  const acceptAt = (index: number) =>
    (accepts[index] ??= createAccept(schemas[index] as JsonSchema, makePattern))
  return {
    at,
    acceptAt,
    warm: async (signal, onError) => {
      for (let index = 0; index < schemas.length && !signal.aborted; index += 1) {
        if (compiled[index] !== undefined && accepts[index] !== undefined) continue
        // One schema takes about a millisecond; requests go first between two of them.
        await new Promise((resolve) => setImmediate(resolve))
        try {
          at(index)
          acceptAt(index)
        } catch (error) {
          onError(error as Error)
        }
      }
    },
  }
}

function createAjv(makePattern: MakePattern): Ajv2020 {
  const ajv = new Ajv2020({ ...schemaDialect, code: { regExp: Object.assign(makePattern, { code: '' }) } })
  addFormats.default(ajv)
  for (const [keyword, type, schemaType] of OWN_KEYWORDS) {
    ajv.removeKeyword(keyword)
    ajv.addKeyword({ keyword, type, schemaType, compile: asserting(keyword) })
  }
  return ajv
}

const OWN_KEYWORDS = [
  // That of ajv compares every two items that are not known to be scalars: a list of a megabyte takes a minute.
  ['uniqueItems', 'array', 'boolean'],
  // That of ajv divides binary fractions, by which 4.35 is no multiple of 0.01.
  ['multipleOf', 'number', 'number'],
] as const

/** An assertion of the exact engine as a keyword of ajv. */
function asserting(keyword: string): (wanted: JsonValue) => DataValidateFunction {
  return (wanted) => {
    const assert = assertionOf(keyword, wanted, schemaDialect.code.regExp)
    const validate: DataValidateFunction = (value: unknown) => {
      const message = assert?.(value)
      if (message === undefined) return true
      validate.errors = [{ keyword, params: {}, message }]
      return false
    }
    return validate
  }
}

/** By the engine that the schema needs. */
function compileWith(ajv: Ajv2020, schema: JsonSchema, makePattern: MakePattern): Validate {
  return bounded(
    needsExactEngine(schema) ? createExactValidate(schema, makePattern) : toValidate(ajv.compile(schema)),
  )
}

function toValidate(validate: ValidateFunction): Validate {
  return (value) => (validate(value) ? undefined : (validate.errors ?? []).map(toFault))
}

function bounded(validate: Validate): Validate {
  return (value) => {
    try {
      return validate(value)
    } catch (error) {
      // A recursive schema follows the nesting of the value on the stack.
      if (error instanceof RangeError) return [{ pointer: '', reason: 'is nested too deeply' }]
      throw error
    }
  }
}

function toFault({ instancePath, keyword, params, message }: ErrorObject): SchemaFault {
  const extra: unknown = params['additionalProperty'] ?? params['unevaluatedProperty']
  if (typeof extra === 'string') {
    return { pointer: appendPointer(instancePath, extra), reason: 'is not a declared member' }
  }
  if (keyword === 'false schema') return { pointer: instancePath, reason: 'must not be there' }
  const allowed: unknown = params['allowedValues'] ?? params['allowedValue']
  const listed = allowed === undefined ? '' : `: ${JSON.stringify(allowed).slice(0, 200)}`
  return { pointer: instancePath, reason: `${message ?? keyword}${listed}` }
}
