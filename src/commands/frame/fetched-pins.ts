import type { Artifact } from '../../artifact/index.ts'
import type { ReadPins } from '../../attest/index.ts'
import { lockPathOf, readLockedDocuments, readRemotePlugins } from '../../config/index.ts'
import { entryPathOf, isProblemError, remoteDocumentPath, type Host } from '../../domain/index.ts'
import { fetchRemote } from './plugin-fetcher.ts'

/**
 * What the barbacane.yaml of an artifact and its lock pin. The digest of an image says which module it is only to whoever has its
 * manifest: the cache is asked, never a registry.
 */
export function fetchedPins(host: Host): ReadPins {
  return async (artifact) => {
    const manifestPath = configPathOf(artifact)
    const read = (path: string) => artifact.entries.get(entryPathOf({ kind: 'config', path }))
    const [bytes, lockBytes] = [read(manifestPath), read(lockPathOf(manifestPath))]
    const plugins = bytes === undefined ? [] : readRemotePlugins(bytes)
    const documents = lockBytes === undefined ? [] : [...readLockedDocuments(lockBytes)]
    const pins = new Map<string, string | null>(
      documents.map(([url, { sha256 }]) => [remoteDocumentPath(url), sha256]),
    )
    for (const { path, remote } of plugins) {
      pins.set(path, remote.kind === 'url' ? remote.sha256 : await cachedModule(remote, host))
    }
    return pins
  }
}

/** The path of the barbacane.yaml that an artifact was compiled from; its lock and overlays are configuration too. */
export function configPathOf({ manifest }: Artifact): string {
  const paths = manifest.inputs.filter(({ kind }) => kind === 'config').map(({ path }) => path)
  const other = paths.find((path) => !path.endsWith('.lock'))
  return paths.find((path) => path === 'barbacane.yaml') ?? other ?? 'barbacane.yaml'
}

async function cachedModule(remote: Parameters<typeof fetchRemote>[0], host: Host): Promise<string | null> {
  try {
    return (await fetchRemote(remote, host, true)).digest.slice('sha256:'.length)
  } catch (error) {
    if (isProblemError(error) && error.problem.code === 'BCN_OCI_NOT_CACHED') return null
    throw error
  }
}
