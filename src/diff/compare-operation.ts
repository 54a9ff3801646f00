import type { Report } from './change.ts'
import { compareBodies } from './compare-bodies.ts'
import { compareChains } from './compare-chains.ts'
import { compareParameters, type PlanSchemas } from './compare-parameters.ts'
import { addressOf, nameOf, type RoutePair } from './match-operations.ts'

/** Compares one operation with what became of it. */
export function compareOperation(pair: RoutePair, schemas: PlanSchemas, report: Report): void {
  const { before, after } = pair
  if (nameOf(before) !== nameOf(after)) {
    const isMoved = addressOf(before) !== addressOf(after)
    const values = { before: nameOf(before), after: nameOf(after) }
    report(isMoved ? 'operation-moved' : 'operation-path-renamed', '', values)
  }
  if (before.operation_id !== after.operation_id) {
    const values = { before: before.operation_id, after: after.operation_id }
    report('operation-id-changed', '/operationId', values)
  }
  compareLifecycle(pair, report)
  compareParameters(pair, schemas, report)
  compareBodies([before.body, after.body], schemas, report)
  compareChains(pair, report)
  const [was, is] = [before, after].map(({ response_validation: checked }) => checked?.mode ?? 'off')
  if (was !== is) report('response-validation-changed', '/response_validation', { before: was, after: is })
}

function compareLifecycle({ before, after }: RoutePair, report: Report): void {
  if (before.deprecated !== after.deprecated) {
    const id = after.deprecated ? 'operation-deprecated' : 'operation-undeprecated'
    report(id, '/deprecated', { before: before.deprecated, after: after.deprecated })
  }
  if (before.sunset === after.sunset) return
  const values = { before: before.sunset, after: after.sunset }
  if (before.sunset === null) report('operation-sunset-set', '/x-sunset', values)
  else if (after.sunset === null) report('operation-sunset-removed', '/x-sunset', values)
  else report('operation-sunset-changed', '/x-sunset', values)
}
