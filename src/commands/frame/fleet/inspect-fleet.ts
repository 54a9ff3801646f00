import type { Host } from '../../../domain/index.ts'
import {
  explainDrift,
  readDesiredState,
  selectNodes,
  verifyFleet,
  type DesiredState,
  type Drift,
  type FleetReport,
} from '../../../fleet/index.ts'
import { findFleetPlace, type FleetPlace } from '../release/find-fleet-place.ts'
import { artifactFinder } from './artifact-finder.ts'
import { fleetOptions, type FleetFlagValues } from './fleet-flags.ts'
import { createProbeHost } from './probe-host.ts'

/** The `result` of `verify --fleet`. */
export interface FleetResult extends FleetReport {
  /** How drifted nodes differ; empty with --no-explain. */
  readonly drifts: readonly Drift[]
}

/**
 * Asks the nodes of a fleet what they run, and explains what differs from what a commit asks of them.
 *
 * @param named the fleet file; found from the working directory upwards unless given
 * @throws {ProblemError} BCN_FLEET_…, BCN_RELEASE_INVALID, BCN_GIT_FAILED
 */
export async function inspectFleet(
  named: string | undefined,
  flags: FleetFlagValues,
  { host, version }: { readonly host: Host; readonly version: string },
): Promise<FleetResult> {
  const place = await findFleetPlace(named, host)
  const state = await readDesiredState({ ...place, ref: flags.ref })
  return inspectState(state, place, { flags, host, version })
}

async function inspectState(
  state: DesiredState,
  { folder }: FleetPlace,
  {
    flags,
    host,
    version,
  }: { readonly flags: FleetFlagValues; readonly host: Host; readonly version: string },
): Promise<FleetResult> {
  const nodes = selectNodes(state, { environments: flags.environment, nodes: flags.node })
  const findings = await verifyFleet(state, { folder, nodes, ...fleetOptions(flags) }, createProbeHost(host))
  const findArtifact = artifactFinder(folder, host, version)
  const drifts = (flags.explain ?? true) ? await explainDrift(state, findings, { folder, findArtifact }) : []
  return { ...findings.report, drifts }
}
