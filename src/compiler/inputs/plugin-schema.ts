import { isObject, type Finding, type JsonSchema, type JsonValue, type Location } from '../../domain/index.ts'
import { CONFIG_SCHEMA_SECTION, readCustomSection } from '../../sandbox/index.ts'
import { sharedDryRun } from '../schema/index.ts'
import { inputFault } from './input-fault.ts'

/** The JSON Schema of a plugin's configuration, or what is wrong with it. */
export type PluginSchema = { readonly schema: JsonSchema } | { readonly fault: Finding } | undefined

/** Reads the schema that a module carries; undefined where it has none. */
export function embeddedSchema(name: string, at: Location, module: Uint8Array): PluginSchema {
  const section = readCustomSection(module, CONFIG_SCHEMA_SECTION)
  return section === undefined ? undefined : readSchema(`that is in the plugin \`${name}\``, at, section)
}

/** Reads the text of a schema. @param what how to name it, behind `The schema` */
export function readSchema(what: string, at: Location, bytes: Uint8Array): PluginSchema {
  const fault = (reason: string) => {
    const message = `The schema ${what} is not one: ${reason}`
    return { fault: inputFault(at, message, 'Write a JSON Schema of draft 2020-12 as JSON.') }
  }
  const value = parse(bytes)
  if (value === undefined) return fault('it is no JSON')
  if (typeof value !== 'boolean' && !isObject(value)) return fault('it is neither an object nor a boolean')
  const dryRun = sharedDryRun()
  const [found] = [...dryRun.check(value), ...dryRun.compile(value)]
  return found === undefined ? { schema: value } : fault(`${found.pointer} ${found.reason}`.trim())
}

function parse(bytes: Uint8Array): JsonValue | undefined {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as JsonValue
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}
