import {
  capabilitiesFor,
  MANIFEST_SECTION,
  ModuleRefusal,
  readCustomSection,
  readPluginManifest,
  type PluginManifest,
} from '../../sandbox/index.ts'
import { openModule, type OpenModule, type PluginLimits } from './open-module.ts'

export { pluginLimits } from './open-module.ts'

/** A plugin's module with what it says of itself. */
export interface OpenPlugin {
  readonly open: OpenModule
  readonly manifest: PluginManifest
}

/**
 * Confines a plugin and holds what it imports against what it declares; one that declares nothing at all is not held to
 * it, as in Barbacane.
 *
 * @throws {ModuleRefusal}
 */
export function openPlugin(bytes: Uint8Array, limits: PluginLimits): OpenPlugin {
  const open = openModule(bytes, limits)
  const section = readCustomSection(bytes, MANIFEST_SECTION)
  const manifest = readPluginManifest(section?.toString('utf8') ?? '')
  if (section !== undefined) checkDeclared(open, manifest)
  return { open, manifest }
}

function checkDeclared({ confined }: OpenModule, { hostFunctions }: PluginManifest): void {
  for (const { module, name } of confined.functions.imported) {
    const wanted = module === 'barbacane' ? (capabilitiesFor(name) ?? []) : []
    if (wanted.length === 0 || wanted.some((capability) => hostFunctions.includes(capability))) continue
    throw new ModuleRefusal(`it imports ${name} and does not declare ${wanted.join(' or ')}`)
  }
}
