import type { Artifact } from '../../artifact/index.ts'
import { compareApis, type Change, type Difference } from '../../diff/index.ts'
import type { Digest, Input } from '../../domain/index.ts'
import type { DesiredState } from '../desired-state.ts'
import type { Desired, FleetReport, NodeReport } from '../fleet-report.ts'
import { provenInputs } from '../judge/index.ts'
import type { Claims } from '../verdict.ts'
import { readReleaseHistory, type ReleaseHistory } from '../release-history.ts'
import { resolveRef } from '../resolve-ref.ts'
import type { FleetFindings } from '../verify-fleet.ts'
import { compareLeaves, type InputChange } from './input-changes.ts'
import { findStanding, type Standing } from './standing.ts'

/** How nodes of an environment that run the same artifact differ from what they have to run. */
export interface Drift {
  readonly environment: string
  readonly nodes: readonly string[]
  readonly running: Pick<Claims, 'artifact_hash' | 'artifact_digest' | 'commit' | 'dirty'>
  readonly desired: Desired | null
  readonly standing: Standing
  /** By the leaves of both fingerprints; null where one of them is not known. */
  readonly inputs: readonly InputChange[] | null
  /** What the running API is compared with the desired one; null where one of them could not be had. */
  readonly api: ApiDrift | null
  /** Why something above is null. */
  readonly notes: readonly string[]
}

export interface ApiDrift extends Pick<Difference, 'counts' | 'operations'> {
  /** The gravest first, a hundred at most. */
  readonly changes: readonly Change[]
}

/** What is known of an artifact that is wanted. */
export interface WantedArtifact {
  readonly hash: Digest
  readonly digest: Digest
  readonly commit: string | null
  readonly image: string | null
}

/** Finds an artifact whose fingerprint is the one wanted, or says why it cannot be had. */
export type FindArtifact = (
  wanted: WantedArtifact,
) => Promise<{ readonly artifact: Artifact } | { readonly missing: string }>

const MAX_CHANGES = 100
/** Every pair costs two compilations; a fleet in which more artifacts run has another trouble. */
const MAX_COMPARED = 8

/**
 * Explains why nodes are not in sync that were believed: which release they run, who changed what they have to run and
 * since when, which inputs differ and what that means for clients. Nodes that run the same are explained once.
 *
 * @throws {ProblemError} BCN_GIT_FAILED
 */
export async function explainDrift(
  state: DesiredState,
  { report, inputs }: FleetFindings,
  { folder, findArtifact }: { readonly folder: string; readonly findArtifact: FindArtifact },
): Promise<readonly Drift[]> {
  const groups = groupDrifted(report)
  if (groups.length === 0) return []
  const newest = await resolveRef(folder)
  const histories = new Map<string, Promise<ReleaseHistory>>()
  const historyOf = (commit: string, environment: string) => {
    const key = `${commit} ${environment}`
    const history = histories.get(key) ?? readReleaseHistory(folder, { commit, environment })
    histories.set(key, history)
    return history
  }
  const pins = new Map([...state.releases].map(([name, { release }]) => [name, release.artifactDigest]))
  const artifacts = new Map<Digest, ReturnType<FindArtifact>>()
  const find: FindArtifact = (wanted) => {
    const found = artifacts.get(wanted.digest) ?? findArtifact(wanted)
    artifacts.set(wanted.digest, found)
    return found
  }
  const drifts: Drift[] = []
  for (const [index, { environment, nodes, running, desired }] of groups.entries()) {
    const standing = findStanding(running.artifact_digest, {
      history: await historyOf(state.commit, environment),
      newest: await historyOf(newest.commit, environment),
      pins,
      environment,
    })
    const image = 'release' in standing ? standing.release.image : null
    const means = { inputs, find, image, isCompared: index < MAX_COMPARED }
    const compared = await compare(running, desired, means)
    drifts.push({ environment, nodes, running, desired, standing, ...compared })
  }
  return drifts
}

interface DriftGroup extends Pick<Drift, 'environment' | 'running' | 'desired'> {
  readonly nodes: string[]
}

function groupDrifted({ nodes }: FleetReport): readonly DriftGroup[] {
  const groups = new Map<string, DriftGroup>()
  for (const report of nodes) {
    if (!isDrifted(report)) continue
    const { node, environment, desired, claims } = report
    const { artifact_hash, artifact_digest, commit, dirty } = claims
    const key = `${environment} ${artifact_digest}`
    const running = { artifact_hash, artifact_digest, commit, dirty }
    const group = groups.get(key) ?? { environment, nodes: [], running, desired }
    group.nodes.push(node)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function isDrifted(report: NodeReport): report is NodeReport & { readonly claims: Claims } {
  const { verdict, claims, desired } = report
  const isBelieved = verdict === 'ConfigurationDrift' || verdict === 'TamperedOnDisk'
  return isBelieved && claims !== null && claims.artifact_digest !== desired?.artifact_digest
}

interface Sources {
  readonly inputs: FleetFindings['inputs']
  readonly find: FindArtifact
  /** That the running artifact was released with. */
  readonly image: string | null
  readonly isCompared: boolean
}

async function compare(
  running: Drift['running'],
  desired: Desired | null,
  { inputs, find, image, isCompared }: Sources,
): Promise<Pick<Drift, 'inputs' | 'api' | 'notes'>> {
  if (desired === null) return { inputs: null, api: null, notes: ['There is no release to compare with.'] }
  const known = (hash: Digest): readonly Input[] | undefined => provenInputs(inputs.get(hash), hash)
  const listed = [known(desired.artifact_hash), known(running.artifact_hash)] as const
  if (!isCompared) {
    const notes = [`More than ${MAX_COMPARED} artifacts drifted; the APIs of the others were not compared.`]
    return { inputs: leavesOf(...listed), api: null, notes }
  }
  const sides = [
    {
      hash: desired.artifact_hash,
      digest: desired.artifact_digest,
      commit: desired.commit,
      image: desired.image,
    },
    {
      hash: running.artifact_hash,
      digest: running.artifact_digest,
      commit: running.dirty === true ? null : running.commit,
      image,
    },
  ]
  const [wanted, found] = await Promise.all(sides.map(find))
  const notes = [
    ...(wanted !== undefined && 'missing' in wanted ? [`The desired artifact: ${wanted.missing}.`] : []),
    ...(found !== undefined && 'missing' in found ? [`The running artifact: ${found.missing}.`] : []),
  ]
  const [before, after] = [wanted, found].map((one) =>
    one !== undefined && 'artifact' in one ? one.artifact : undefined,
  )
  const leaves = leavesOf(listed[0] ?? before?.manifest.inputs, listed[1] ?? after?.manifest.inputs)
  return { inputs: leaves, api: before && after ? apiDrift(before, after) : null, notes }
}

function leavesOf(desired: readonly Input[] | undefined, running: readonly Input[] | undefined) {
  return desired === undefined || running === undefined ? null : compareLeaves(desired, running)
}

function apiDrift(desired: Artifact, running: Artifact): ApiDrift {
  const { changes, counts, operations } = compareApis(desired, running, { withBuild: false })
  return { counts, operations, changes: changes.slice(0, MAX_CHANGES) }
}
