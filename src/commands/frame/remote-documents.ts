import { setTimeout } from 'node:timers/promises'

import type { OpenRemote } from '../../compiler/document/index.ts'
import type { Lock } from '../../config/index.ts'
import { atMost, type Host } from '../../domain/index.ts'
import type { InsecureHosts, RegistryHost } from '../../oci/index.ts'

/** So many documents are asked for at once. */
export const MAX_CONNECTIONS = 8

/** What was said of references to the network. */
export interface RemoteReferences {
  readonly allowed: boolean
  readonly insecureHosts: readonly string[]
  /** From the cache only. */
  readonly offline?: boolean | undefined
}

/** How the descriptions of a project follow references to the network; undefined where they may not. */
export type RemoteAccess = (lock: Lock) => OpenRemote | undefined

export function remoteReferencesOf(flags: {
  readonly 'allow-remote-refs': boolean
  readonly 'insecure-ref-host'?: readonly string[] | undefined
}): RemoteReferences {
  return { allowed: flags['allow-remote-refs'], insecureHosts: flags['insecure-ref-host'] ?? [] }
}

/**
 * Opens what a lock pins, from the cache or the network, and refuses everything else: nothing unpinned is ever fetched,
 * so that what is compiled follows from the commit.
 */
export function remoteAccess(references: RemoteReferences, host: Host): RemoteAccess {
  const { allowed, offline } = references
  if (!allowed) return () => undefined
  const insecureHosts = new Set(references.insecureHosts)
  let network: Promise<RegistryHost> | undefined
  const open = atMost(MAX_CONNECTIONS, async ({ url, sha256 }: { url: string; sha256: string }) => {
    // Loaded late: most projects refer to files only.
    const { openPinnedDocument } = await import('../../oci/index.ts')
    network ??= createDocumentHost(host, insecureHosts)
    return openPinnedDocument({ url, sha256 }, await network, { insecureHosts, offline })
  })
  return ({ path, documents }) =>
    async (url) => {
      const pin = documents.get(url)
      if (pin !== undefined) return { bytes: await open({ url, sha256: pin.sha256 }) }
      const hint = 'Run `barbacane lock`, look at what it has fetched, and commit the lock.'
      return { refused: `${path} does not pin it`, hint }
    }
}

/** The network as documents are asked for: connections go to public addresses only, but for the hosts named. */
export async function createDocumentHost(host: Host, insecureHosts: InsecureHosts): Promise<RegistryHost> {
  const { Agent, fetch } = await import('undici')
  const { publicLookup } = await import('../../oci/index.ts')
  const dispatcher = new Agent({ connect: { lookup: publicLookup(insecureHosts) } })
  return {
    nowMs: host.nowMs,
    env: host.env,
    cwd: host.cwd,
    signal: host.signal,
    // undici has types of its own for what is the same at run time.
    fetch: ((url: URL, init: object) =>
      fetch(url, { ...init, dispatcher })) as unknown as RegistryHost['fetch'],
    random: Math.random,
    wait: (delayMs, signal) => setTimeout(delayMs, undefined, { signal }),
  }
}
