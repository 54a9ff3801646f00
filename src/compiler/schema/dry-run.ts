import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

import { needsExactEngine, schemaDialect, type JsonSchema } from '../../domain/index.ts'

/** What JSON Schema or the validator of the gateway has against a schema; `pointer` leads to the place within it. */
export interface DryRunFault {
  readonly pointer: string
  readonly reason: string
}

export interface DryRun {
  /** Checks a schema against the meta-schema of JSON Schema 2020-12. */
  readonly check: (schema: JsonSchema) => readonly DryRunFault[]
  /** Compiles a schema as the gateway does, so that one that it could not use never reaches it. */
  readonly compile: (schema: JsonSchema) => readonly DryRunFault[]
}

/** One for the whole process: to compile the meta-schema takes longer than to check a hundred schemas by it. */
export function sharedDryRun(): DryRun {
  return (shared ??= createDryRun())
}

let shared: DryRun | undefined

function createDryRun(): DryRun {
  // Formats are not asserted: the one of `pattern` knows no patterns of the older grammar.
  const meta = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, logger: false })
  let gateways: Ajv2020 | undefined
  return {
    check: (schema) => (meta.validateSchema(schema) === true ? [] : toFaults(meta.errors ?? [])),
    compile: (schema) => {
      // The other engine makes nothing of it beforehand that could fail.
      if (needsExactEngine(schema)) return []
      const ajv = (gateways ??= createGatewaysAjv())
      try {
        ajv.compile(schema)
        return []
      } catch (error) {
        if (!(error instanceof Error)) throw error
        const reason =
          error instanceof RangeError ? 'it refers to too many schemas, each within the other' : error.message
        return [{ pointer: '', reason }]
      } finally {
        // The validator keeps what it has compiled; a description has thousands of schemas.
        if (typeof schema === 'object') ajv.removeSchema(schema)
      }
    },
  }
}

function createGatewaysAjv(): Ajv2020 {
  const ajv = new Ajv2020(schemaDialect)
  addFormats.default(ajv)
  return ajv
}

/** One fault for each place, the deepest only: the errors above follow from them. */
function toFaults(errors: readonly ErrorObject[]): readonly DryRunFault[] {
  const places = new Map<string, ErrorObject>()
  for (const error of errors) if (!places.has(error.instancePath)) places.set(error.instancePath, error)
  const pointers = [...places.keys()]
  return [...places].flatMap(([pointer, error]) =>
    pointers.some((other) => other.startsWith(`${pointer}/`)) ? [] : [{ pointer, reason: reasonOf(error) }],
  )
}

function reasonOf({ message, keyword, params }: ErrorObject): string {
  const allowed: unknown = params['allowedValues']
  const listed = Array.isArray(allowed) ? `: ${allowed.join(', ')}` : ''
  return `${message ?? keyword}${listed}`
}
