import type { FetchPlugin } from '../../compiler/index.ts'
import type { PluginSource, RemotePlugin } from '../../config/index.ts'
import { isProblemError, ProblemError, type Host } from '../../domain/index.ts'

/**
 * Fetches the plugins that barbacane.yaml pins, from the cache where they are there. A problem names the place in
 * barbacane.yaml.
 *
 * @param options `offline`: from the cache only
 */
export function pluginFetcher(
  host: Host,
  options: { readonly offline?: boolean | undefined } = {},
): FetchPlugin {
  return async ({ at }: PluginSource, remote: RemotePlugin) => {
    try {
      return (await fetchRemote(remote, host, options.offline === true)).bytes
    } catch (error) {
      if (!isProblemError(error)) throw error
      throw new ProblemError({ ...error.problem, at }, error.cause)
    }
  }
}

/** The bytes of a plugin and their digest. */
export async function fetchRemote(remote: RemotePlugin, host: Host, offline: boolean) {
  // Loaded late: most projects have their plugins in git.
  const { downloadPlugin, fetchPlugin } = await import('../../oci/index.ts')
  const { createRegistryHost } = await import('./registry-host.ts')
  const registryHost = createRegistryHost(host)
  return remote.kind === 'oci'
    ? fetchPlugin(remote.reference, registryHost, { offline })
    : downloadPlugin(remote, registryHost, { offline })
}
