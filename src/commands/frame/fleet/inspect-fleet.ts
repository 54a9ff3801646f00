import type { Host } from '../../../domain/index.ts'
import {
  applyReleaseVerifications,
  explainDrift,
  readDesiredState,
  selectNodes,
  verifyFleet,
  type Drift,
  type FleetReport,
  type ReleaseVerification,
} from '../../../fleet/index.ts'
import { findFleetPlace } from '../release/find-fleet-place.ts'
import { artifactFinder } from './artifact-finder.ts'
import { boundGarbage } from './bound-garbage.ts'
import { explainChanges } from './explain-changes.ts'
import { fleetOptions, type FleetFlagValues } from './fleet-flags.ts'
import { createProbeHost } from './probe-host.ts'
import { openReleaseVerification } from './verify-releases.ts'

/** The `result` of `verify --fleet`. */
export interface FleetResult extends FleetReport {
  /** How drifted nodes differ; empty with --no-explain. */
  readonly drifts: readonly Drift[]
  /** Whether what is pinned is verified itself; null without --verify-signatures. */
  readonly releases: readonly ReleaseVerification[] | null
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
  boundGarbage()
  const place = await findFleetPlace(named, host)
  const { folder } = place
  const findArtifact = artifactFinder(folder, host, version)
  const probeHost = createProbeHost(host)
  const means = { files: flags.artifact ?? [], plainHttp: flags['plain-http'], host }
  const verifyReleases = flags['verify-signatures'] ? openReleaseVerification(place, means) : undefined
  const readState = () => readDesiredState({ ...place, ref: flags.ref })
  const inspect = async () => {
    const state = await readState()
    const nodes = selectNodes(state, { environments: flags.environment, nodes: flags.node })
    const findings = await verifyFleet(state, { folder, nodes, ...fleetOptions(flags) }, probeHost)
    const environments = [...new Set(nodes.map(({ environment }) => environment))]
    const releases = (await verifyReleases?.(state, environments)) ?? null
    const report = applyReleaseVerifications(findings.report, releases ?? [])
    return { state, releases, ...findings, report }
  }
  const explain = explainChanges(({ state, ...findings }: Awaited<ReturnType<typeof inspect>>) =>
    explainDrift(state, findings, { folder, findArtifact }),
  )
  return async () => {
    const findings = await inspect()
    const { report, releases } = findings
    return { ...report, releases, drifts: (flags.explain ?? true) ? await explain(findings) : [] }
  }
}
