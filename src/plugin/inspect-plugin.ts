import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

import { sha256Hex, systemReason, type PluginInspection } from '../domain/index.ts'
import {
  describeModule,
  MANIFEST_SECTION,
  ModuleRefusal,
  readCustomSection,
  readPluginManifest,
  type PluginManifest,
} from '../sandbox/index.ts'
import { checkModule } from './check-module.ts'
import { pluginProblems as problems } from './problems.ts'

/** Reads the module of a plugin. @throws {ProblemError} BCN_PLUGIN_NOT_READ */
export async function readModule(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw problems.BCN_PLUGIN_NOT_READ({ path, reason: systemReason(error) }, { cause: error })
  }
}

/** Says what a module is, and whether it would run. @param path as people know it */
export function inspectPlugin(path: string, bytes: Uint8Array): PluginInspection {
  const { findings, type, schema, confined } = checkModule(basename(path, '.wasm'), path, bytes)
  const manifest = manifestOf(bytes)
  const isFresh = manifest.freshInstance || confined?.isReusable === false
  const { imports = [], exports = [], memory = null } = describeModule(bytes) ?? {}
  return {
    name: manifest.name,
    version: manifest.version,
    type,
    description: manifest.description,
    license: manifest.license,
    sha256: sha256Hex(bytes),
    size_bytes: bytes.byteLength,
    confined_bytes: confined?.bytes.byteLength ?? null,
    memory,
    instances: confined === undefined ? null : isFresh ? 'fresh' : 'reused',
    body_access: manifest.bodyAccess || type === 'dispatcher',
    capabilities: manifest.hostFunctions,
    imports,
    exports,
    config_schema: schema,
    loads: confined !== undefined && findings.length === 0,
    reasons: findings.map(({ message }) => message),
  }
}

/** What it says of itself; nothing where that cannot be read, of which `compile` has a finding. */
function manifestOf(bytes: Uint8Array): PluginManifest {
  try {
    return readPluginManifest(readCustomSection(bytes, MANIFEST_SECTION)?.toString('utf8') ?? '')
  } catch (error) {
    if (!(error instanceof ModuleRefusal)) throw error
    return readPluginManifest('')
  }
}
