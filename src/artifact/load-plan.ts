import { DecodeError, parsePlan, PLAN_ENTRY, type CompiledPlan } from '../domain/index.ts'
import type { Artifact } from './decode-artifact.ts'
import { artifactProblems as problems } from './problems.ts'

/**
 * Loads the compiled plan of a verified artifact.
 *
 * @throws {ProblemError} BCN_ARTIFACT_PLAN when it is of another version or shape than this version understands.
 */
export function loadPlan(artifact: Artifact): CompiledPlan {
  try {
    const plan = parsePlan(JSON.parse(String(artifact.entries.get(PLAN_ENTRY))))
    if (plan.routes.length === artifact.manifest.routes_count) return plan
  } catch (error) {
    if (!(error instanceof DecodeError) && !(error instanceof SyntaxError)) throw error
    throw problems.BCN_ARTIFACT_PLAN({ reason: error.message }, { cause: error })
  }
  throw problems.BCN_ARTIFACT_PLAN({ reason: 'it has another number of routes than the manifest says' })
}
