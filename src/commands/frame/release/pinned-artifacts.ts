import { resolve } from 'node:path'

import type { VerificationTarget } from '../../../attest/index.ts'
import type { Release } from '../../../config/index.ts'
import { digestOf, type Digest, type Host } from '../../../domain/index.ts'
import { releaseProblems as problems } from '../../../fleet/index.ts'
import { readTarget } from '../read-target.ts'

/** Finds the artifact that a release pins, with what is signed about it. */
export type FindArtifact = (environment: string, release: Release) => Promise<VerificationTarget>

/**
 * Looks for artifacts in files that the user names, by their digest, then in the registry that the release names. Each
 * is read once.
 *
 * @returns a function that throws {ProblemError} BCN_RELEASE_NO_ARTIFACT, BCN_RELEASE_OTHER_ARTIFACT,
 *   BCN_VERIFY_UNREADABLE, BCN_ARTIFACT_…, BCN_OCI_…
 */
export function findArtifacts(
  files: readonly string[],
  { plainHttp, host }: { readonly plainHttp: boolean; readonly host: Host },
): FindArtifact {
  const flags = { 'plain-http': plainHttp }
  let named: Promise<ReadonlyMap<Digest, VerificationTarget>> | undefined
  const images = new Map<string, Promise<VerificationTarget>>()
  return async (environment, { artifactDigest, image }) => {
    named ??= readFiles(files, flags, host)
    const file = (await named).get(artifactDigest)
    if (file !== undefined) return file
    if (image === null) throw problems.BCN_RELEASE_NO_ARTIFACT({ environment, digest: artifactDigest })
    const pulled = images.get(image) ?? readTarget({ kind: 'registry', name: image }, flags, host)
    images.set(image, pulled)
    const target = await pulled
    const found = digestOf(target.artifactBytes)
    if (found !== artifactDigest)
      throw problems.BCN_RELEASE_OTHER_ARTIFACT({ image, expected: artifactDigest, found })
    return target
  }
}

async function readFiles(
  files: readonly string[],
  flags: { readonly 'plain-http': boolean },
  host: Host,
): Promise<ReadonlyMap<Digest, VerificationTarget>> {
  const targets = await Promise.all(
    files.map((name) => readTarget({ kind: 'artifact', name: resolve(host.cwd, name) }, flags, host)),
  )
  return new Map(targets.map((target) => [digestOf(target.artifactBytes), target]))
}
