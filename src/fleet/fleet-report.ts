import { gravest, type Digest, type ExitCode } from '../domain/index.ts'
import { exitOf, verdicts, type Judgement, type Verdict } from './verdict.ts'

/** One node of a fleet, as it was found. */
export interface NodeReport extends Judgement {
  readonly node: string
  readonly environment: string
  readonly admin_url: string
  /** What it has to run; null where nothing is released to its environment. */
  readonly desired: Desired | null
  /** Null where it was not asked. */
  readonly probe: { readonly duration_ms: number; readonly attempts: number } | null
}

export interface Desired {
  readonly artifact_hash: Digest
  readonly artifact_digest: Digest
  readonly image: string | null
  readonly commit: string | null
}

/** What was found when a fleet was compared with what one commit asks of it. */
export interface FleetReport {
  /** True where every node was found in sync. */
  readonly verified: boolean
  /** RFC 3339 in UTC. */
  readonly verified_at: string
  readonly duration_ms: number
  readonly ref: string
  readonly commit: string
  readonly counts: Readonly<Record<Verdict, number>>
  /** Nodes in sync that have not proven it, because fleet.yaml has no key of theirs. */
  readonly unattested: number
  readonly nodes: readonly NodeReport[]
}

/** Sums up what was found of the nodes. */
export function sumUp(
  nodes: readonly NodeReport[],
  {
    verified_at,
    duration_ms,
    ref,
    commit,
  }: Pick<FleetReport, 'verified_at' | 'duration_ms' | 'ref' | 'commit'>,
): FleetReport {
  const counts = Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Record<Verdict, number>
  for (const { verdict } of nodes) counts[verdict] += 1
  const unattested = nodes.filter(({ verdict, attested }) => verdict === 'InSync' && !attested).length
  const verified = counts.InSync === nodes.length
  return { verified, verified_at, duration_ms, ref, commit, counts, unattested, nodes }
}

/** The gravest of what the verdicts ask for: 4 before 5 before 6. */
export function exitOfFleet({ counts }: Pick<FleetReport, 'counts'>): ExitCode {
  return gravest(verdicts.filter((verdict) => counts[verdict] > 0).map((verdict) => exitOf[verdict]))
}
