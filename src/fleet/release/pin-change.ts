import type { Environment, FleetNode, Release } from '../../config/index.ts'
import type { DesiredState } from '../desired-state.ts'

/** What an environment pins, and what it is to pin instead. */
export interface PinChange {
  readonly environment: Environment
  readonly before: Release | undefined
  readonly after: Release | undefined
  /** The nodes that have to run it, those that are revoked apart, in the order in which they are rolled out. */
  readonly nodes: readonly FleetNode[]
}

/** The change that would pin another release. */
export function planPin(state: DesiredState, environment: Environment, after: Release): PinChange {
  const before = state.releases.get(environment.name)?.release
  return { environment, before, after, nodes: nodesOf(state, environment.name) }
}

/** The environments whose pin differs between two commits, in the order of the later fleet, then those that are gone. */
export function comparePins(before: DesiredState, after: DesiredState): readonly PinChange[] {
  const gone = [...before.fleet.environments].filter(([name]) => !after.fleet.environments.has(name))
  const environments = [...after.fleet.environments.values(), ...gone.map(([, environment]) => environment)]
  return environments.flatMap((environment) => {
    const [was, is] = [before, after].map(({ releases }) => releases.get(environment.name)?.release)
    if (isSamePin(was, is)) return []
    return { environment, before: was, after: is, nodes: nodesOf(after, environment.name) }
  })
}

/** Whether two releases have the nodes run the same file from the same place, whoever released it and why. */
export function isSamePin(one: Release | undefined, other: Release | undefined): boolean {
  return (
    one?.artifactDigest === other?.artifactDigest &&
    one?.artifactHash === other?.artifactHash &&
    one?.image === other?.image
  )
}

function nodesOf({ fleet }: DesiredState, environment: string): readonly FleetNode[] {
  return fleet.nodes
    .filter((node) => node.environment === environment && node.revoked === undefined)
    .toSorted((a, b) => a.wave - b.wave)
}
