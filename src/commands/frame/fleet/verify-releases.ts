import { verifyTarget, type VerificationPolicy, type VerificationTarget } from '../../../attest/index.ts'
import type { Release } from '../../../config/index.ts'
import { ExitCode, isProblemError, type Host } from '../../../domain/index.ts'
import { environmentOf, type DesiredState, type ReleaseVerification } from '../../../fleet/index.ts'
import { readTree } from '../../../git/index.ts'
import { fetchedPins } from '../fetched-pins.ts'
import { projectFolder } from '../read-policy.ts'
import { environmentPolicy } from '../release/environment-policy.ts'
import type { FleetPlace } from '../release/find-fleet-place.ts'
import { findArtifacts, type FindArtifact } from '../release/pinned-artifacts.ts'

/** Verifies what the environments pin. */
export type VerifyReleases = (
  state: DesiredState,
  environments: readonly string[],
) => Promise<readonly ReleaseVerification[]>

interface ReleaseMeans {
  /** Files that stand instead of images, by their digest. */
  readonly files: readonly string[]
  readonly plainHttp: boolean
  readonly host: Host
}

/**
 * Opens the verification of releases: commit, inputs, artifact and image, by the policy that each environment has in
 * the commit. What holds is not looked at a second time, however often it is asked for.
 */
export function openReleaseVerification(place: FleetPlace, means: ReleaseMeans): VerifyReleases {
  const held = new Map<string, ReleaseVerification>()
  return async (state, environments) => {
    const verifications: ReleaseVerification[] = []
    // Made anew, because it remembers a registry that could not be reached.
    const find = findArtifacts(means.files, means)
    for (const name of environments) {
      const release = state.releases.get(name)?.release
      if (release === undefined) continue
      const key = `${state.commit} ${name} ${release.artifactDigest}`
      const verification = held.get(key) ?? (await verifyRelease(name, release, { state, find }))
      // Of the commits before nobody will ask again.
      for (const old of held.keys()) if (!old.startsWith(state.commit)) held.delete(old)
      if (verification.status === 'verified') held.set(key, verification)
      verifications.push(verification)
    }
    return verifications
  }

  async function verifyRelease(
    name: string,
    release: Release,
    { state, find }: { readonly state: DesiredState; readonly find: FindArtifact },
  ): Promise<ReleaseVerification> {
    const about = { environment: name, artifact_digest: release.artifactDigest }
    try {
      const policy = await environmentPolicy(environmentOf(state, name), { ...place, state })
      if (policy === undefined) return { ...about, status: 'skipped', chain: [] }
      return { ...about, ...(await follow(await find(name, release), policy, release)) }
    } catch (error) {
      if (!isProblemError(error)) throw error
      const { problem } = error
      return {
        ...about,
        status: problem.exit === ExitCode.environment ? 'unreached' : 'failed',
        chain: [],
        problem,
      }
    }
  }

  async function follow(target: VerificationTarget, policy: VerificationPolicy, { commit }: Release) {
    const folder = await projectFolder(place.folder)
    const isHere = commit !== null && (await readTree(folder, commit)) !== undefined
    const { verified, chain, problem } = await verifyTarget(target, policy, {
      readGitTree: isHere || policy.requireGit ? (wanted) => readTree(folder, wanted) : undefined,
      readPins: fetchedPins(means.host),
    })
    return { status: verified ? 'verified' : 'failed', chain, ...(problem && { problem }) } as const
  }
}
