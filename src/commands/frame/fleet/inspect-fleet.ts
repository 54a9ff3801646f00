import type { Host } from '../../../domain/index.ts'
import {
  explainDrift,
  readDesiredState,
  selectNodes,
  verifyFleet,
  type Drift,
  type FleetReport,
} from '../../../fleet/index.ts'
import { findFleetPlace } from '../release/find-fleet-place.ts'
import { artifactFinder } from './artifact-finder.ts'
import { explainChanges } from './explain-changes.ts'
import { fleetOptions, type FleetFlagValues } from './fleet-flags.ts'
import { createProbeHost } from './probe-host.ts'

/** The `result` of `verify --fleet`. */
export interface FleetResult extends FleetReport {
  /** How drifted nodes differ; empty with --no-explain. */
  readonly drifts: readonly Drift[]
}

/**
 * Opens a fleet, which can then be asked any number of times what its nodes run. What is desired is read from git each
 * time.
 *
 * @param named the fleet file; found from the working directory upwards unless given
 * @throws {ProblemError} BCN_FLEET_NOT_FOUND; what it returns, BCN_FLEET_…, BCN_RELEASE_INVALID, BCN_GIT_FAILED
 */
export async function openFleetInspection(
  named: string | undefined,
  flags: FleetFlagValues,
  { host, version }: { readonly host: Host; readonly version: string },
): Promise<() => Promise<FleetResult>> {
  const place = await findFleetPlace(named, host)
  const { folder } = place
  const findArtifact = artifactFinder(folder, host, version)
  const probeHost = createProbeHost(host)
  const readState = () => readDesiredState({ ...place, ref: flags.ref })
  const inspect = async () => {
    const state = await readState()
    const nodes = selectNodes(state, { environments: flags.environment, nodes: flags.node })
    return { state, ...(await verifyFleet(state, { folder, nodes, ...fleetOptions(flags) }, probeHost)) }
  }
  const explain = explainChanges(({ state, ...findings }: Awaited<ReturnType<typeof inspect>>) =>
    explainDrift(state, findings, { folder, findArtifact }),
  )
  return async () => {
    const findings = await inspect()
    return { ...findings.report, drifts: (flags.explain ?? true) ? await explain(findings) : [] }
  }
}
