import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

import { appendPointer, schemaDialect, type JsonSchema } from '../../domain/index.ts'

/** One thing that is wrong with a value; `pointer` leads to the place within it. */
export interface SchemaFault {
  readonly pointer: string
  readonly reason: string
}

/** Undefined for a valid value. */
export type Validate = (value: unknown) => readonly SchemaFault[] | undefined

export interface Validators {
  /** The validator of a schema of the plan, compiled at its first use. */
  readonly at: (index: number) => Validate
  /** Compiles what is not compiled yet, one at a time between requests; stops when the signal is aborted. */
  readonly warm: (signal: AbortSignal, onError: (error: Error) => void) => Promise<void>
}

/** A schema of the dialect of the plan, compiled. */
export function compileSchema(schema: JsonSchema): Validate {
  return toValidate(createAjv().compile(schema))
}

/** The validators of a plan's schemas. */
export function createValidators(schemas: readonly JsonSchema[]): Validators {
  const ajv = createAjv()
  const compiled: (Validate | undefined)[] = schemas.map(() => undefined)
  const at = (index: number) => (compiled[index] ??= toValidate(ajv.compile(schemas[index] as JsonSchema)))
  return {
    at,
    warm: async (signal, onError) => {
      for (let index = 0; index < schemas.length && !signal.aborted; index += 1) {
        if (compiled[index] !== undefined) continue
        // One schema takes about a millisecond; requests go first between two of them.
        await new Promise((resolve) => setImmediate(resolve))
        try {
          at(index)
        } catch (error) {
          onError(error as Error)
        }
      }
    },
  }
}

function createAjv(): Ajv2020 {
  const ajv = new Ajv2020(schemaDialect)
  addFormats.default(ajv)
  return ajv
}

function toValidate(validate: ValidateFunction): Validate {
  return (value) => {
    try {
      return validate(value) ? undefined : (validate.errors ?? []).map(toFault)
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
