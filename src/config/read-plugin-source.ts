import { isObject, nounOf, REMOTE_PLUGINS_FOLDER, remotePluginPath } from '../domain/index.ts'
import { pathFaults, projectPath, unknownKeys } from './faults.ts'
import type { Fault } from './manifest-document.ts'

/** A plugin that is fetched: an OCI artifact by digest, or a file by its SHA-256 (lower-case hex). */
export type RemotePlugin =
  | { readonly kind: 'oci'; readonly reference: string }
  | { readonly kind: 'url'; readonly url: string; readonly sha256: string }

/** A plugin of a manifest: a file of the project, or one that is fetched and stands as this path in the fingerprint. */
export interface ManifestPlugin {
  readonly name: string
  readonly path: string
  readonly remote?: RemotePlugin
  /** A file of the project: the JSON Schema of the plugin's configuration. */
  readonly schema?: string
}

const PINNED = /^(?:oci:\/\/)?[^\s@/]+\/[^\s@]+@sha256:[0-9a-f]{64}$/
const URL_TEXT = /^https:\/\/[^\s/@#?]+\/[^\s#]*$/
const SHA256 = /^[0-9a-f]{64}$/
const HINT =
  'Write { path: ./plugins/name.wasm }, { oci: REFERENCE@sha256:DIGEST } or { url: https://…, sha256: HEX }.'

/** Reads where a plugin is; undefined where that is reported as a fault. */
export function readPluginSource(name: string, source: unknown, faults: Fault[]): ManifestPlugin | undefined {
  const at = ['plugins', name]
  if (!isObject(source)) {
    faults.push({ at, message: `The plugin is ${nounOf(source)}, not an object`, hint: HINT })
    return undefined
  }
  const [kind, ...others] = (['path', 'oci', 'url'] as const).filter((key) => Object.hasOwn(source, key))
  const keys = kind === 'url' ? ['url', 'sha256'] : [kind ?? ['path', 'oci', 'url']].flat()
  faults.push(...unknownKeys(at, source, [...keys, 'schema']))
  if (kind === undefined) {
    faults.push({ at, message: 'The plugin has no `path`, `oci` or `url`', hint: HINT })
    return undefined
  }
  if (others.length > 0) return undefined
  const text = source[kind]
  const place = [...at, kind]
  if (typeof text !== 'string' || text === '') {
    faults.push({ at: place, message: `The ${kind} is ${nounOf(text)}, not a text`, hint: HINT })
    return undefined
  }
  const plugin = readPlace(name, { kind, text, sha256: source['sha256'] }, faults)
  if (plugin === undefined || source['schema'] === undefined) return plugin
  const schema = readSchemaPath(source['schema'], [...at, 'schema'], faults)
  return schema === undefined ? undefined : { ...plugin, schema }
}

function readSchemaPath(text: unknown, at: readonly string[], faults: Fault[]): string | undefined {
  if (typeof text === 'string' && text !== '') {
    return pathFaults(text, [...at], faults) ? undefined : projectPath(text)
  }
  const hint = 'Name a file of the project that holds a JSON Schema.'
  faults.push({ at: [...at], message: `The schema is ${nounOf(text)}, not a text`, hint })
  return undefined
}

interface Place {
  readonly kind: 'path' | 'oci' | 'url'
  readonly text: string
  readonly sha256: unknown
}

function readPlace(name: string, { kind, text, sha256 }: Place, faults: Fault[]): ManifestPlugin | undefined {
  if (kind === 'path') return localPlugin(name, text, faults)
  if (kind === 'oci') return ociPlugin(name, text, faults)
  return urlPlugin(name, { url: text, sha256 }, faults)
}

function localPlugin(name: string, text: string, faults: Fault[]): ManifestPlugin | undefined {
  const at = ['plugins', name, 'path']
  if (pathFaults(text, at, faults)) return undefined
  const path = projectPath(text)
  if (!path.startsWith(`${REMOTE_PLUGINS_FOLDER}/`)) return { name, path }
  const message = `${REMOTE_PLUGINS_FOLDER}/ is kept for plugins that are fetched`
  faults.push({ at, message, hint: 'Put the file into another folder, such as ./plugins/.' })
  return undefined
}

function ociPlugin(name: string, reference: string, faults: Fault[]): ManifestPlugin | undefined {
  if (PINNED.test(reference)) {
    return { name, path: remotePluginPath(name), remote: { kind: 'oci', reference } }
  }
  const message = `${JSON.stringify(reference.slice(0, 200))} does not name a plugin by its digest`
  const hint = 'A tag can be moved. Pin it: HOST/REPOSITORY@sha256:DIGEST; `oras resolve` prints the digest.'
  faults.push({ at: ['plugins', name, 'oci'], message, hint })
  return undefined
}

function urlPlugin(
  name: string,
  { url, sha256 }: { readonly url: string; readonly sha256: unknown },
  faults: Fault[],
): ManifestPlugin | undefined {
  const at = ['plugins', name]
  const isUrl = URL_TEXT.test(url) && URL.canParse(url)
  if (!isUrl) {
    const hint = 'Write https://HOST/PATH, without credentials.'
    faults.push({ at: [...at, 'url'], message: 'The url is not one of https', hint })
  }
  if (typeof sha256 === 'string' && SHA256.test(sha256)) {
    return isUrl ? { name, path: remotePluginPath(name), remote: { kind: 'url', url, sha256 } } : undefined
  }
  const message =
    sha256 === undefined ? 'The plugin has no `sha256`' : `The sha256 is ${nounOf(sha256)}, not 64 hex digits`
  const hint = 'Write the SHA-256 of the file in lower-case hex; `sha256sum` prints it.'
  faults.push({ at: sha256 === undefined ? at : [...at, 'sha256'], message, hint })
  return undefined
}
