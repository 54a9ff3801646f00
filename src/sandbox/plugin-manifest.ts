import { parse, TomlError, type TomlTable, type TomlValue } from 'smol-toml'

import { ModuleRefusal } from './refusal.ts'

/** The custom section that holds a plugin's plugin.toml. */
export const MANIFEST_SECTION = 'barbacane_manifest'

/** The custom section that holds the JSON Schema of a plugin's configuration. */
export const CONFIG_SCHEMA_SECTION = 'barbacane_config_schema'

/** What a plugin says of itself. */
export interface PluginManifest {
  readonly name: string | null
  readonly version: string | null
  readonly type: 'middleware' | 'dispatcher' | null
  readonly description: string | null
  readonly license: string | null
  /** The capabilities that it declares. */
  readonly hostFunctions: readonly string[]
  /** It sees and sets bodies; dispatchers always do. */
  readonly bodyAccess: boolean
  /** It asks for an instance for each request. */
  readonly freshInstance: boolean
}

/**
 * Reads a plugin.toml (TOML 1.0): the tables `plugin` and `capabilities` of Barbacane's plugins, and `instance.fresh`.
 * What is not of its type counts as not given.
 *
 * @throws {ModuleRefusal} where it is no TOML
 */
export function readPluginManifest(text: string): PluginManifest {
  const document = parseToml(text)
  const plugin = tableOf(document['plugin'])
  const capabilities = tableOf(document['capabilities'])
  const type = plugin['type']
  const hostFunctions = capabilities['host_functions']
  return {
    name: textOf(plugin['name']),
    version: textOf(plugin['version']),
    type: type === 'middleware' || type === 'dispatcher' ? type : null,
    description: textOf(plugin['description']),
    license: textOf(plugin['license']),
    hostFunctions: Array.isArray(hostFunctions)
      ? hostFunctions.filter((name) => typeof name === 'string')
      : [],
    bodyAccess: capabilities['body_access'] === true,
    freshInstance: tableOf(document['instance'])['fresh'] === true,
  }
}

function parseToml(text: string): TomlTable {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    throw new ModuleRefusal(
      `its plugin.toml is no TOML: ${(error.message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '')} at line ${error.line}`,
    )
  }
}

function tableOf(value: TomlValue | undefined): TomlTable {
  const isTable = typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date)
  return isTable ? value : {}
}

function textOf(value: TomlValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}
