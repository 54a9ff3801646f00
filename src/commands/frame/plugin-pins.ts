import type { Artifact } from '../../artifact/index.ts'
import type { ReadPins } from '../../attest/index.ts'
import { readRemotePlugins } from '../../config/index.ts'
import { entryPathOf, isProblemError, type Host } from '../../domain/index.ts'
import { fetchRemote } from './plugin-fetcher.ts'

/**
 * What the barbacane.yaml of an artifact pins. The digest of an image says which module it is only to whoever has its
 * manifest: the cache is asked, never a registry.
 */
export function pluginPins(host: Host): ReadPins {
  return async (artifact) => {
    const bytes = artifact.entries.get(entryPathOf({ kind: 'config', path: configPathOf(artifact) }))
    const plugins = bytes === undefined ? [] : readRemotePlugins(bytes)
    const pins = new Map<string, string | null>()
    for (const { path, remote } of plugins) {
      pins.set(path, remote.kind === 'url' ? remote.sha256 : await cachedModule(remote, host))
    }
    return pins
  }
}

/** The path of the barbacane.yaml that an artifact was compiled from; overlays are configuration too. */
export function configPathOf({ manifest }: Artifact): string {
  const paths = manifest.inputs.filter(({ kind }) => kind === 'config').map(({ path }) => path)
  return paths.find((path) => path === 'barbacane.yaml') ?? paths[0] ?? 'barbacane.yaml'
}

async function cachedModule(remote: Parameters<typeof fetchRemote>[0], host: Host): Promise<string | null> {
  try {
    return (await fetchRemote(remote, host, true)).digest.slice('sha256:'.length)
  } catch (error) {
    if (isProblemError(error) && error.problem.code === 'BCN_OCI_NOT_CACHED') return null
    throw error
  }
}
