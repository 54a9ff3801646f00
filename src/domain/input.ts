import { gitBlobId, sha256Hex } from './digest.ts'

export const inputKinds = ['config', 'option', 'plugin', 'policy', 'schema', 'spec'] as const

export type InputKind = (typeof inputKinds)[number]

/** One file (or the set of options) that the output of `compile` depends on: a leaf of the fingerprint. */
export interface Input {
  readonly kind: InputKind
  /** POSIX path relative to the project root, NFC, without `..`. */
  readonly path: string
  readonly size: number
  /** Lower-case hex. */
  readonly sha256: string
  /** The id git gives to these bytes; not part of the leaf. */
  readonly git_blob: string
}

/** The path of the one `option` leaf: the canonical JSON of the flags that change the output. */
export const OPTIONS_PATH = '.barbacane/options.json'

/** Where plugins that are fetched stand among the inputs; no file of a project may be a plugin there. */
export const REMOTE_PLUGINS_FOLDER = '.barbacane/plugins'

/** The path of the input that is a fetched plugin of this name. */
export function remotePluginPath(name: string): string {
  return `${REMOTE_PLUGINS_FOLDER}/${name}.wasm`
}

/** Describes the bytes of an input. */
export function describeInput(kind: InputKind, path: string, bytes: Uint8Array): Input {
  return { kind, path, size: bytes.byteLength, sha256: sha256Hex(bytes), git_blob: gitBlobId(bytes) }
}

/** The leaf line of DESIGN §5.3: `kind SP size SP sha256hex SP path LF`. */
export function formatLeaf(input: Pick<Input, 'kind' | 'size' | 'sha256' | 'path'>): string {
  return `${input.kind} ${input.size} ${input.sha256} ${input.path}\n`
}

/** Orders inputs by the UTF-8 bytes of their paths. */
export function compareInputs(a: { readonly path: string }, b: { readonly path: string }): number {
  return comparePaths(a.path, b.path)
}

/** Orders two paths by their UTF-8 bytes, which is the order of Go, Rust and `LC_ALL=C sort`. */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0
  const shorter = Math.min(a.length, b.length)
  let at = 0
  while (at < shorter && a.charCodeAt(at) === b.charCodeAt(at)) at++
  if (at === shorter) return a.length - b.length
  const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)]
  // Up to the surrogates, UTF-16 has the order of UTF-8.
  if (left < SURROGATES && right < SURROGATES) return left - right
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

const SURROGATES = 0xd800

const DIRECTORY: Readonly<Record<InputKind, string>> = {
  config: 'config',
  option: 'options',
  plugin: 'plugins',
  policy: 'policies',
  schema: 'schemas',
  spec: 'specs',
}

/** The entry of an artifact that holds the bytes of an input. */
export function entryPathOf(input: Pick<Input, 'kind' | 'path'>): string {
  return `${DIRECTORY[input.kind]}/${input.path}`
}
