import type { Inspection, Route, RouteSummary } from '../domain/index.ts'
import type { Artifact } from './decode-artifact.ts'
import { loadPlan } from './load-plan.ts'

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
