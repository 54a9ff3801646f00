import { embeddedSchema, readPlugin } from '../compiler/inputs/index.ts'
import type { Finding, JsonSchema } from '../domain/index.ts'
import { defaultHttpLimits, openPlugin, pluginLimits } from '../runtime/index.ts'
import { ModuleRefusal, type InstrumentedModule } from '../sandbox/index.ts'

/** What `compile` and a gateway say to a module. */
export interface CheckedModule {
  /** What keeps it from being compiled in, or being run. */
  readonly findings: readonly Finding[]
  /** By what it exports; null for neither. */
  readonly type: 'middleware' | 'dispatcher' | null
  /** The schema of its configuration, if it has one that is valid. */
  readonly schema: JsonSchema | null
  /** What a gateway makes of it; undefined where that refuses it. */
  readonly confined: InstrumentedModule | undefined
}

/** Does with a module what `compile` does, and what a gateway does that was started without flags. */
export function checkModule(name: string, path: string, bytes: Uint8Array): CheckedModule {
  const at = { file: path, line: 1, col: 1 }
  const { findings, descriptor } = readPlugin({ name, path, at }, bytes)
  if (descriptor === undefined) return { findings, type: null, schema: null, confined: undefined }
  const schema = embeddedSchema(name, at, bytes)
  const faults = schema !== undefined && 'fault' in schema ? [schema.fault] : []
  return {
    findings: [...findings, ...faults],
    type: descriptor.type,
    schema: schema !== undefined && 'schema' in schema ? schema.schema : null,
    confined: confine(bytes),
  }
}

/** What is refused here `compile` has a finding about. */
function confine(bytes: Uint8Array): InstrumentedModule | undefined {
  try {
    return openPlugin(bytes, pluginLimits(defaultHttpLimits.maxBodyBytes)).open.confined
  } catch (error) {
    if (!(error instanceof ModuleRefusal)) throw error
    return undefined
  }
}
