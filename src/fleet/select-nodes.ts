import type { FleetNode } from '../config/index.ts'
import { closestName } from '../domain/index.ts'
import { environmentOf, type DesiredState } from './desired-state.ts'
import { fleetProblems as problems } from './problems.ts'

/** Which nodes are meant; without names, all. */
export interface NodeSelection {
  readonly environments?: readonly string[] | undefined
  readonly nodes?: readonly string[] | undefined
}

/**
 * The nodes that are in one of the environments and have one of the names.
 *
 * @throws {ProblemError} BCN_FLEET_NO_ENVIRONMENT, BCN_FLEET_NO_NODE; BCN_FLEET_NO_NODES where nothing is left, because
 *   a fleet of which nobody was asked is not in sync
 */
export function selectNodes(state: DesiredState, selection: NodeSelection): readonly FleetNode[] {
  const { fleet, ref } = state
  const environments = selection.environments?.map((name) => environmentOf(state, name).name)
  for (const name of selection.nodes ?? []) {
    const known = fleet.nodes.map((node) => node.name)
    if (known.includes(name)) continue
    throw problems.BCN_FLEET_NO_NODE({ name, ref, suggestion: closestName(name, known) })
  }
  const selected = fleet.nodes.filter(
    ({ name, environment }) =>
      (environments?.includes(environment) ?? true) && (selection.nodes?.includes(name) ?? true),
  )
  if (selected.length === 0) throw problems.BCN_FLEET_NO_NODES({ ref })
  return selected
}
