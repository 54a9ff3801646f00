import type { ValidateFunction } from 'ajv'

import type { JsonSchema } from '../../domain/index.ts'
import { hasHarmlessPatterns } from '../pattern/index.ts'
import { configFaults, type StructureFault } from '../structure/index.ts'

/** The schema of the configuration of a plugin of the project. */
export interface PluginSchema {
  readonly schema: JsonSchema
  /** The faults of a configuration, with pointers relative to it. */
  readonly check: (config: unknown) => readonly StructureFault[]
}

/**
 * Compiles the schemas of plugins by their names. One with a pattern that could take endless time checks nothing, since
 * neither plugins nor descriptions are trusted; the gateway gives the configuration to the plugin in any case.
 */
export async function compilePluginSchemas(
  schemas: ReadonlyMap<string, JsonSchema>,
): Promise<ReadonlyMap<string, PluginSchema>> {
  const compiled = new Map<string, PluginSchema>()
  if (schemas.size === 0) return compiled
  // Loaded late: most projects have no such schemas.
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  const { default: addFormats } = await import('ajv-formats')
  for (const [name, schema] of schemas) {
    // One instance each: two schemas may have the same `$id`.
    const ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true, logger: false })
    addFormats.default(ajv)
    const validate: ValidateFunction | undefined = hasHarmlessPatterns(schema)
      ? ajv.compile(schema)
      : undefined
    const check = (config: unknown) => (validate === undefined ? [] : configFaults(validate, name, config))
    compiled.set(name, { schema, check })
  }
  return compiled
}
