import type { FleetNode } from '../config/index.ts'
import { mapAtMost, type Digest } from '../domain/index.ts'
import type { DesiredState } from './desired-state.ts'
import { sumUp, type FleetReport, type NodeReport } from './fleet-report.ts'
import { judgeNode, judgeRevoked, type ProvenLists, type Standard } from './judge/index.ts'
import {
  createTurns,
  openAccess,
  probeNode,
  type Probe,
  type ProbeHost,
  type ProbeOptions,
  type Prober,
  type Reply,
} from './probe/index.ts'
import type { Judgement } from './verdict.ts'

export interface FleetRequest extends ProbeOptions, Pick<Standard, 'maxSkewMs' | 'requireAttestation'> {
  /** Absolute path of the folder of fleet.yaml, which certificates and tokens are relative to. */
  readonly folder: string
  /** Those to ask, of the fleet. */
  readonly nodes: readonly FleetNode[]
}

export interface FleetFindings {
  readonly report: FleetReport
  /** Lists of inputs by the fingerprints that they give, to explain drift by; bounded. */
  readonly inputs: ReadonlyMap<Digest, unknown>
}

/**
 * Nodes that are begun for each that is asked: those between two attempts, or behind others of their host, keep nobody
 * from being asked.
 */
const BEGUN_PER_TURN = 16

/** Asks nodes what they run and judges each by what its environment pins. */
export async function verifyFleet(
  state: DesiredState,
  request: FleetRequest,
  host: ProbeHost,
): Promise<FleetFindings> {
  const startedMs = host.monotonicMs()
  const verifiedAt = new Date(host.nowMs()).toISOString()
  const { folder, nodes, retries, timeoutMs } = request
  const readAccess = openAccess(folder, host.env)
  const prober: Prober = { retries, timeoutMs, readAccess, inTurn: createTurns<Reply>(request) }
  const provenLists: ProvenLists = new Map()
  const reports = await mapAtMost(request.concurrency * BEGUN_PER_TURN, nodes, async (node) => {
    if (node.revoked !== undefined) return reportOf(node, judgeRevoked(node), { state })
    const probe = await probeNode(node, prober, host)
    const pinned = state.releases.get(node.environment)?.release
    const judgement = judgeNode(node, probe, { ...request, pinned, provenLists })
    return reportOf(node, judgement, { state, probe })
  })
  const { ref, commit } = state
  const durationMs = Math.round(host.monotonicMs() - startedMs)
  const about = { verified_at: verifiedAt, duration_ms: durationMs, ref, commit }
  return { report: sumUp(reports, about), inputs: provenLists }
}

function reportOf(
  { name, environment, adminUrl }: FleetNode,
  judgement: Judgement,
  { state, probe }: { readonly state: DesiredState; readonly probe?: Probe },
): NodeReport {
  const pinned = state.releases.get(environment)?.release
  return {
    node: name,
    environment,
    admin_url: adminUrl,
    ...judgement,
    desired: pinned
      ? {
          artifact_hash: pinned.artifactHash,
          artifact_digest: pinned.artifactDigest,
          image: pinned.image,
          commit: pinned.commit,
        }
      : null,
    probe: probe ? { duration_ms: Math.round(probe.durationMs), attempts: probe.attempts } : null,
  }
}
