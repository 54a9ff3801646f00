import { decodeArtifact, type Artifact } from '../../../artifact/index.ts'
import { describeSigner, verifyTarget, type VerificationTarget } from '../../../attest/index.ts'
import { compareApis, type Difference } from '../../../diff/index.ts'
import { ExitCode, isProblemError, type Host, type Problem } from '../../../domain/index.ts'
import {
  judgeRelease,
  refuseOtherBuild,
  type Judging,
  type PinChange,
  type ReleaseCheck,
  type ReleaseFacts,
} from '../../../fleet/index.ts'
import { readTree } from '../../../git/index.ts'
import { fetchedPins } from '../fetched-pins.ts'
import { projectFolder } from '../read-policy.ts'
import { environmentPolicy, type StateSource } from './environment-policy.ts'
import type { FindArtifact } from './pinned-artifacts.ts'

/** A change of a pin, and how it stands to what its environment asks for. */
export interface ExaminedPin {
  readonly change: PinChange
  readonly checks: readonly ReleaseCheck[]
  /** What it means for clients; undefined where nothing could be compared. */
  readonly difference: Difference | undefined
  /** Who signed it; null where nobody had to. */
  readonly identity: string | null
}

export interface Examination extends Judging {
  /** What the policy of the environment is read from. */
  readonly source: StateSource
  readonly find: FindArtifact
  readonly host: Host
  /** Takes it as verified when it was released. */
  readonly trustsHistory: boolean
}

/**
 * Reads the artifacts that a change of a pin concerns, verifies the new one by the policy of its environment, and
 * compares it with the old one. A pin that is taken away is not examined.
 *
 * @throws {ProblemError} for what prevents an answer: a registry that cannot be asked, a policy that cannot be read
 */
export async function examinePin(change: PinChange, examination: Examination): Promise<ExaminedPin> {
  const { after } = change
  if (after === undefined) return { change, checks: [], difference: undefined, identity: null }
  const facts = examination.trustsHistory ? trustedFacts(change) : await gatherFacts(change, examination)
  const { difference, signature } = facts
  return {
    change,
    checks: judgeRelease(change, facts, examination),
    difference: difference !== undefined && 'counts' in difference ? difference : undefined,
    identity: 'identity' in signature ? signature.identity : after.identity,
  }
}

interface Facts extends ReleaseFacts {
  readonly difference: Difference | { readonly reason: string } | undefined
}

function trustedFacts({ before }: PinChange): Facts {
  return {
    signature: { trusted: 'it was verified when it was released' },
    provenance: undefined,
    difference: before && { reason: 'the artifacts were not looked at' },
  }
}

async function gatherFacts(change: PinChange, examination: Examination): Promise<Facts> {
  const { environment, before, after } = change
  const { source, find } = examination
  if (after === undefined) throw new TypeError('There is no release to examine')
  const policy = await environmentPolicy(environment, source)
  const found = await orVerdict(async () => {
    const target = await find(environment.name, after)
    const artifact = decodeArtifact(target.artifactBytes)
    refuseOtherBuild(after, artifact.manifest)
    return { target, artifact }
  })
  if ('problem' in found) {
    const reason = 'the new artifact cannot be read'
    return { signature: found, provenance: undefined, difference: before && { reason } }
  }
  const { target, artifact } = found.value
  return {
    signature: policy === undefined ? { identity: null } : await judgeSigner(target, policy, examination),
    provenance: artifact.manifest.provenance,
    difference: await compareWith(change, artifact, find),
  }
}

async function judgeSigner(
  target: VerificationTarget,
  policy: Parameters<typeof verifyTarget>[1],
  { host }: Examination,
): Promise<ReleaseFacts['signature']> {
  const folder = await projectFolder(host.cwd)
  const { problem, signer } = await verifyTarget(target, policy, {
    readGitTree: policy.requireGit ? (commit) => readTree(folder, commit) : undefined,
    readPins: fetchedPins(host),
  })
  if (problem !== undefined) return { problem }
  if (signer === null) throw new TypeError('A verified artifact without a signer')
  return { identity: describeSigner(signer) }
}

async function compareWith(
  { environment, before }: PinChange,
  after: Artifact,
  find: FindArtifact,
): Promise<Facts['difference']> {
  if (before === undefined) return undefined
  try {
    const { artifactBytes } = await find(environment.name, before)
    return compareApis(decodeArtifact(artifactBytes), after, { withBuild: true })
  } catch (error) {
    // What is pinned now need not be here any more for something else to be pinned.
    if (!isProblemError(error)) throw error
    return { reason: error.problem.message }
  }
}

/** What is not verified is an answer; everything else keeps one from being found. */
async function orVerdict<T>(
  work: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly problem: Problem }> {
  try {
    return { value: await work() }
  } catch (error) {
    if (isProblemError(error) && error.problem.exit === ExitCode.notVerified)
      return { problem: error.problem }
    throw error
  }
}
