import type { Artifact } from '../../../artifact/index.ts'
import { isProblemError, type Host } from '../../../domain/index.ts'
import type { FindArtifact, WantedArtifact } from '../../../fleet/index.ts'
import { readNamedApi } from '../read-api-at-commit.ts'

/**
 * Finds artifacts to compare: compiled from the commit that they name, where the repository of the fleet has it and
 * the same fingerprint comes of it, else in the image that pinned them.
 */
export function artifactFinder(folder: string, host: Host, version: string): FindArtifact {
  return async (wanted) => {
    const compiled = await compiledFrom(wanted, folder, version)
    if ('artifact' in compiled || wanted.image === null) return compiled
    const pulled = await pulledFrom(wanted.image, wanted, host)
    return 'artifact' in pulled ? pulled : { missing: `${compiled.missing}, and ${pulled.missing}` }
  }
}

type Found = Awaited<ReturnType<FindArtifact>>

async function compiledFrom(
  { commit, hash }: WantedArtifact,
  folder: string,
  version: string,
): Promise<{ readonly artifact: Artifact } | { readonly missing: string }> {
  if (commit === null) return { missing: 'no commit is known that it was compiled from' }
  // Whether upstreams without TLS were allowed is part of the fingerprint.
  for (const allowPlaintext of [false, true]) {
    const options = { cwd: folder, allowPlaintext, remoteAccess: () => undefined, version }
    const found = await orMissing(async () => (await readNamedApi(`git:${commit}`, options)).artifact)
    if ('artifact' in found && found.artifact.manifest.artifact_hash === hash) return found
    if ('missing' in found && allowPlaintext) return found
  }
  return { missing: `the commit ${commit.slice(0, 12)} gives another fingerprint here` }
}

async function pulledFrom(image: string, { digest }: WantedArtifact, host: Host): Promise<Found> {
  // Loaded late: most fleets have their APIs in the same repository.
  const { parseReference, pullImage } = await import('../../../oci/index.ts')
  const { createRegistryHost } = await import('../registry-host.ts')
  const found = await orMissing(
    async () => (await pullImage(parseReference(image), createRegistryHost(host))).artifact,
  )
  if ('missing' in found || found.artifact.digest === digest) return found
  return { missing: `the image ${image} holds another artifact` }
}

async function orMissing(find: () => Promise<Artifact>): Promise<Found> {
  try {
    return { artifact: await find() }
  } catch (error) {
    if (!isProblemError(error)) throw error
    return { missing: `${error.problem.code} ${error.problem.message.replace(/\.$/, '')}` }
  }
}
