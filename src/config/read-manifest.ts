import { posix } from 'node:path'

import { builtins, closestName, inputPathFault, isObject } from '../domain/index.ts'
import type { Fault } from './manifest-document.ts'
import { readOverlays } from './read-overlays.ts'
import { readRuleLevels, type RuleLevel } from './read-rule-levels.ts'

/** The content of a barbacane.yaml with its paths as they are written. */
export interface ManifestContent {
  readonly specs: readonly { readonly text: string; readonly at: readonly (string | number)[] }[]
  readonly plugins: readonly { readonly name: string; readonly path: string }[]
  /** POSIX path of the policy of `barbacane verify`. */
  readonly verifyPolicy?: string | undefined
  /** POSIX paths of overlays, in the order in which they are applied. */
  readonly overlays?: readonly string[]
  readonly ruleLevels?: ReadonlyMap<string, RuleLevel>
}

const MANIFEST_VERSION = 1

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
    const hint = `Begin it with \`version: ${MANIFEST_VERSION}\` and \`specs: ${DEFAULT_SPECS}\`.`
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

function versionFaults(version: unknown): readonly Fault[] {
  if (version === MANIFEST_VERSION) return []
  const hint = `Write \`version: ${MANIFEST_VERSION}\`.`
  if (version === undefined) return [{ at: [], message: 'The key `version` is missing', hint }]
  return [{ at: ['version'], message: `The version is ${nounOf(version)}, not ${MANIFEST_VERSION}`, hint }]
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
    const path = readSource(['plugins', name], source, faults)
    return path === undefined || faults.length > before ? [] : [{ name, path }]
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

function readSource(at: readonly string[], source: unknown, faults: Fault[]): string | undefined {
  const hint = 'Write { path: ./plugins/name.wasm }.'
  if (!isObject(source)) {
    faults.push({ at, message: `The plugin is ${nounOf(source)}, not an object`, hint })
    return undefined
  }
  const remote = ['oci', 'url'].find((key) => Object.hasOwn(source, key))
  if (remote !== undefined) {
    const message = `Plugins from ${remote === 'oci' ? 'a registry (`oci`)' : 'the network (`url`)'} are not supported by this version`
    const fix = 'Put the .wasm file into the project and name it with `path`.'
    faults.push({ at: [...at, remote], part: 'key', message, hint: fix })
    return undefined
  }
  faults.push(...unknownKeys(at, source, ['path']))
  const path = source['path']
  if (typeof path !== 'string' || path === '') {
    const message =
      path === undefined ? 'The plugin has no `path`' : `The path is ${nounOf(path)}, not a text`
    faults.push({ at: path === undefined ? at : [...at, 'path'], message, hint })
    return undefined
  }
  return pathFaults(path, [...at, 'path'], faults) ? undefined : projectPath(path)
}

/** The POSIX path without `./`, `//` and a slash at the end. */
export function projectPath(text: string): string {
  return posix.normalize(text).replace(/\/$/, '')
}

function pathFaults(text: string, at: Fault['at'], faults: Fault[]): boolean {
  const path = projectPath(text)
  const fault = path === '.' ? undefined : inputPathFault(path)
  if (fault === undefined) return false
  const hint = 'Write it relative to this file, with `/`, and keep it below the folder of this file.'
  faults.push({ at, message: `${JSON.stringify(text)} cannot be a path of the project: ${fault}`, hint })
  return true
}

function unknownKeys(
  at: readonly string[],
  value: Readonly<Record<string, unknown>>,
  known: readonly string[],
): readonly Fault[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const meant = closestName(key, known)
      const hint = meant === undefined ? `Known are: ${known.join(', ')}.` : `Did you mean \`${meant}\`?`
      return { at: [...at, key], part: 'key' as const, message: `The key \`${key}\` is unknown`, hint }
    })
}

function nounOf(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return isObject(value) ? 'an object' : `the ${typeof value} ${(JSON.stringify(value) ?? '').slice(0, 40)}`
}
