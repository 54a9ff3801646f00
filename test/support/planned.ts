import type { DocumentSet } from '../../src/compiler/document/index.ts'
import { planRoutes } from '../../src/compiler/plan/index.ts'
import { parsePlan, type CompiledPlan, type Finding } from '../../src/domain/index.ts'

/** The plan of linted documents as a gateway reads it, and what was found while it was made. */
export function planned(set: DocumentSet): {
  readonly plan: CompiledPlan
  readonly findings: readonly Finding[]
} {
  const { text, findings } = planRoutes(set)
  return { plan: parsePlan(JSON.parse(text)), findings }
}
