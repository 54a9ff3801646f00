import type { Digest } from './digest.ts'
import type { Manifest } from './manifest.ts'

export interface RouteSummary {
  readonly method: string
  readonly path: string
  readonly operation_id: string | null
  readonly dispatcher: string
  readonly middlewares: readonly string[]
  readonly spec: string
}

/** What a verified artifact says of itself; the `result` of `inspect --json`. */
export interface Inspection {
  readonly artifact_hash: Digest
  readonly artifact_digest: Digest
  readonly artifact_version: number
  readonly size_bytes: number
  readonly build_timestamp: string
  readonly compiler: Manifest['compiler']
  readonly provenance: Manifest['provenance']
  readonly source_specs: Manifest['source_specs']
  readonly plugins: Manifest['plugins']
  readonly inputs: Manifest['inputs']
  readonly routes: readonly RouteSummary[]
}
