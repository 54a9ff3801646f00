import { builtins, isObject, nounOf } from '../domain/index.ts'
import { pathFaults, projectPath, unknownKeys, versionFaults } from './faults.ts'
import type { Fault } from './manifest-document.ts'
import { readOverlays } from './read-overlays.ts'
import { readPluginSource, type ManifestPlugin } from './read-plugin-source.ts'
import { readRuleLevels, type RuleLevel } from './read-rule-levels.ts'

/** The content of a barbacane.yaml with its paths as they are written. */
export interface ManifestContent {
  readonly specs: readonly { readonly text: string; readonly at: readonly (string | number)[] }[]
  readonly plugins: readonly ManifestPlugin[]
  /** POSIX path of the policy of `barbacane verify`. */
  readonly verifyPolicy?: string | undefined
  /** POSIX paths of overlays, in the order in which they are applied. */
  readonly overlays?: readonly string[]
  readonly ruleLevels?: ReadonlyMap<string, RuleLevel>
}

/** Where the descriptions are unless `specs` says otherwise. */
const DEFAULT_SPECS = './specs/'
const KEYS = ['version', 'specs', 'plugins', 'verify', 'lint', 'overlays']
const PLUGIN_NAME = /^[a-z][a-z0-9-]{0,63}$/

/** Reads the data of a manifest; every fault is listed. The published JSON Schema accepts the same shapes. */
export function readManifest(value: unknown): {
  readonly content: ManifestContent
  readonly faults: readonly Fault[]
} {
  if (!isObject(value)) {
    const hint = `Begin it with \`version: 1\` and \`specs: ${DEFAULT_SPECS}\`.`
    const message = value === null ? 'The file is empty' : `The file holds ${nounOf(value)}, not an object`
    return { content: { specs: [], plugins: [] }, faults: [{ at: [], message, hint }] }
  }
  const faults: Fault[] = [...unknownKeys([], value, KEYS), ...versionFaults(value['version'])]
  const specs = readSpecs(value, faults)
  const plugins = readPlugins(value, faults)
  const verifyPolicy = readVerifyPolicy(value, faults)
  const ruleLevels = readRuleLevels(value, faults)
  const overlays = readOverlays(value, faults, pathFaults)
  return { content: { specs, plugins, verifyPolicy, overlays, ruleLevels }, faults }
}

function readSpecs(value: Record<string, unknown>, faults: Fault[]): ManifestContent['specs'] {
  const given = Object.hasOwn(value, 'specs') ? value['specs'] : DEFAULT_SPECS
  const isList = Array.isArray(given)
  const entries: readonly unknown[] = isList ? given : [given]
  const hint = 'Write a folder, a glob or a list of files, e.g. `specs: ./specs/`.'
  if (entries.length === 0) faults.push({ at: ['specs'], message: 'The list of specs is empty', hint })
  return entries.flatMap((text, index) => {
    const at = isList ? ['specs', index] : ['specs']
    if (typeof text === 'string' && text !== '') return pathFaults(text, at, faults) ? [] : [{ text, at }]
    faults.push({ at, message: `The entry is ${nounOf(text)}, not a path`, hint })
    return []
  })
}

function readVerifyPolicy(value: Record<string, unknown>, faults: Fault[]): string | undefined {
  if (!Object.hasOwn(value, 'verify')) return undefined
  const { verify } = value
  const hint = 'Write `verify: { policy: ./verify-policy.yaml }`.'
  if (!isObject(verify)) {
    faults.push({ at: ['verify'], message: `\`verify\` is ${nounOf(verify)}, not an object`, hint })
    return undefined
  }
  faults.push(...unknownKeys(['verify'], verify, ['policy']))
  const { policy } = verify
  if (typeof policy !== 'string' || policy === '') {
    const at = policy === undefined ? ['verify'] : ['verify', 'policy']
    faults.push({ at, message: `The policy is ${nounOf(policy ?? null)}, not a path`, hint })
    return undefined
  }
  return pathFaults(policy, ['verify', 'policy'], faults) ? undefined : projectPath(policy)
}

function readPlugins(value: Record<string, unknown>, faults: Fault[]): ManifestContent['plugins'] {
  const plugins = Object.hasOwn(value, 'plugins') ? value['plugins'] : {}
  if (!isObject(plugins)) {
    const message = `\`plugins\` is ${nounOf(plugins)}, not an object`
    faults.push({ at: ['plugins'], message, hint: 'Write `name: { path: ./plugins/name.wasm }` below it.' })
    return []
  }
  return Object.entries(plugins).flatMap(([name, source]) => {
    const before = faults.length
    faults.push(...nameFaults(name))
    const plugin = readPluginSource(name, source, faults)
    return plugin === undefined || faults.length > before ? [] : [plugin]
  })
}

function nameFaults(name: string): readonly Fault[] {
  const at = ['plugins', name]
  if (builtins.has(name)) {
    const message = `\`${name}\` is built in and cannot be replaced by a plugin`
    return [{ at, part: 'key', message, hint: 'Remove the entry, or give the plugin another name.' }]
  }
  if (PLUGIN_NAME.test(name)) return []
  const hint = 'Use lower-case letters, digits and hyphens, beginning with a letter, 64 at most.'
  return [{ at, part: 'key', message: `${JSON.stringify(name)} is no name of a plugin`, hint }]
}
