import type { Digest, Manifest, Route } from '../domain/index.ts'
import type { Artifact } from './decode-artifact.ts'
import { loadPlan } from './load-plan.ts'

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

/**
 * Lays open a verified artifact.
 *
 * @throws {ProblemError} BCN_ARTIFACT_PLAN when its plan is not one that this version understands.
 */
export function inspectArtifact(artifact: Artifact): Inspection {
  const { manifest, digest, sizeBytes } = artifact
  return {
    artifact_hash: manifest.artifact_hash,
    artifact_digest: digest,
    artifact_version: manifest.barbacane_artifact_version,
    size_bytes: sizeBytes,
    build_timestamp: manifest.build_timestamp,
    compiler: manifest.compiler,
    provenance: manifest.provenance,
    source_specs: manifest.source_specs,
    plugins: manifest.plugins,
    inputs: manifest.inputs,
    routes: loadPlan(artifact).routes.map(summarizeRoute),
  }
}

function summarizeRoute(route: Route): RouteSummary {
  return {
    method: route.method,
    path: route.path,
    operation_id: route.operation_id,
    dispatcher: route.dispatch.name,
    middlewares: route.middlewares.map(({ name }) => name),
    spec: route.spec,
  }
}
