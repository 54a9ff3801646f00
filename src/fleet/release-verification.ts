import { ExitCode, gravest, type Digest, type Problem } from '../domain/index.ts'
import { exitOfFleet, sumUp, type FleetReport } from './fleet-report.ts'

/** Whether what an environment pins was signed by somebody whom the environment accepts, link by link. */
export interface ReleaseVerification {
  readonly environment: string
  readonly artifact_digest: Digest
  /** `skipped`: the environment accepts what is not signed. `unreached`: the artifact could not be asked for. */
  readonly status: 'verified' | 'failed' | 'skipped' | 'unreached'
  readonly chain: readonly { readonly name: string; readonly status: string; readonly outcome: string }[]
  readonly problem?: Problem
}

/** A node that runs what is pinned is not verified where the pin is not. */
export function applyReleaseVerifications(
  report: FleetReport,
  verifications: readonly ReleaseVerification[],
): FleetReport {
  const failed = new Map(
    verifications.filter(({ status }) => status === 'failed').map((one) => [one.environment, one]),
  )
  const nodes = report.nodes.map((node) => {
    const release = node.verdict === 'InSync' ? failed.get(node.environment) : undefined
    if (release === undefined) return node
    const message = `It runs what is pinned, and that is not verified: ${release.problem?.message ?? ''}`
    return { ...node, verdict: 'NotVerified', reason: 'release-unverified', message } as const
  })
  const summed = sumUp(nodes, report)
  return { ...summed, verified: summed.verified && !verifications.some(isUnreached) }
}

/** The exit code of a fleet; a release that could not be looked at makes it inconclusive. */
export function exitOfVerified(report: FleetReport, verifications: readonly ReleaseVerification[]): ExitCode {
  return gravest([exitOfFleet(report), verifications.some(isUnreached) ? ExitCode.inconclusive : ExitCode.ok])
}

function isUnreached({ status }: ReleaseVerification): boolean {
  return status === 'unreached'
}
