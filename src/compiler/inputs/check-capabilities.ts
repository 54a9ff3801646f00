import { didYouMean, type Finding, type Location } from '../../domain/index.ts'
import { capabilitiesFor, capabilityNames, type PluginManifest } from '../../sandbox/index.ts'
import type { WasmModule } from './wasm-module.ts'

/**
 * Compares what a module imports and exports with what the manifest in it declares (rule `plugin-capabilities`); without
 * a manifest nothing is declared, and nothing is compared.
 */
export function checkCapabilities(
  name: string,
  at: Location,
  { module, manifest }: { readonly module: WasmModule; readonly manifest: PluginManifest },
): readonly Finding[] {
  if (module.manifest === undefined) return []
  const fault = (message: string, hint: string): Finding => ({
    rule: 'plugin-capabilities',
    severity: 'error',
    message: `The plugin \`${name}\` ${message}`,
    hint,
    at,
  })
  return [
    ...manifest.hostFunctions.flatMap((capability) => unknownFaults(capability, fault)),
    ...module.capabilities.flatMap((imported) => importFaults(imported, manifest, fault)),
    ...exportFaults(module, manifest, fault),
  ]
}

type ToFinding = (message: string, hint: string) => Finding

function unknownFaults(capability: string, fault: ToFinding): readonly Finding[] {
  if (capabilityNames.includes(capability)) return []
  const hint = didYouMean(capability, capabilityNames, `Known are: ${capabilityNames.join(', ')}.`)
  return [fault(`declares the capability \`${capability}\`, which is unknown`, hint)]
}

function importFaults(
  imported: string,
  { hostFunctions }: PluginManifest,
  fault: ToFinding,
): readonly Finding[] {
  const wanted = capabilitiesFor(imported)
  if (wanted === undefined) {
    return [
      fault(
        `imports \`${imported}\`, which no gateway offers`,
        'Build it against a version that is supported.',
      ),
    ]
  }
  if (wanted.length === 0 || wanted.some((capability) => hostFunctions.includes(capability))) return []
  const hint = `Add "${wanted[0]}" to \`host_functions\` of its plugin.toml and build it again, if it should be able to.`
  return [fault(`imports \`${imported}\` and does not declare \`${wanted.join('` or `')}\``, hint)]
}

function exportFaults(module: WasmModule, { type }: PluginManifest, fault: ToFinding): readonly Finding[] {
  const entry = type === 'dispatcher' ? 'dispatch' : 'on_request'
  if (type === null || module.functions.has(entry)) return []
  return [
    fault(`declares to be a ${type} and does not export \`${entry}\``, 'Correct `type` in its plugin.toml.'),
  ]
}
