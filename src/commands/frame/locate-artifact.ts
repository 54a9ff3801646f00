import type { Host } from '../../domain/index.ts'
import { fetchArtifact } from '../../oci/index.ts'
import { createRegistryHost } from './registry-host.ts'

interface ServeFlags {
  readonly artifact: string
  readonly 'require-signature'?: boolean
}

/** The file of an `oci://` reference in the cache, fetched and verified; beside it stands what is attached. */
export async function locateArtifact(flags: ServeFlags, host: Host): Promise<string> {
  const needsBundle = flags['require-signature'] === true
  const { path } = await fetchArtifact(flags.artifact, createRegistryHost(host), { needsBundle })
  return path
}
