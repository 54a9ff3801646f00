import type { Digest } from './digest.ts'
import type { Input } from './input.ts'

/** The artifact format that this version writes and the newest that it reads. */
export const ARTIFACT_VERSION = 1

/** Where the inputs came from. `null` stands for what was not known when compiling. */
export interface Provenance {
  readonly commit: string | null
  readonly source: string | null
  readonly dirty: boolean | null
}

export interface SourceSpec {
  /** The path of the root document's input. */
  readonly path: string
  readonly type: 'openapi' | 'asyncapi'
  /** The version of the description format, e.g. `3.1.0`. */
  readonly version: string
  readonly title: string
  readonly sha256: string
}

export interface PluginDescriptor {
  readonly name: string
  readonly version: string | null
  readonly type: 'middleware' | 'dispatcher' | null
  /** The path of the plugin's input. */
  readonly path: string
  readonly sha256: string
  /** An SPDX expression or a name, as its embedded manifest says. */
  readonly license: string | null
  /** The host functions its bytes import from the module `barbacane`, sorted. */
  readonly capabilities: readonly string[]
}

/** `manifest.json`, the first entry of an artifact (DESIGN §5.4). */
export interface Manifest {
  readonly barbacane_artifact_version: number
  readonly artifact_hash: Digest
  /** RFC 3339 in UTC with whole seconds; the mtime of every entry. */
  readonly build_timestamp: string
  readonly compiler: { readonly name: string; readonly version: string }
  readonly provenance: Provenance
  readonly inputs: readonly Input[]
  readonly source_specs: readonly SourceSpec[]
  readonly plugins: readonly PluginDescriptor[]
  readonly routes_count: number
  /** Lower-case hex SHA-256 of every entry but the manifest and the checksum. */
  readonly entries: Readonly<Record<string, string>>
}
