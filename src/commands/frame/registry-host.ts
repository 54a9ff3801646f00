import { setTimeout } from 'node:timers/promises'

import type { Host } from '../../domain/index.ts'
import type { RegistryHost } from '../../oci/index.ts'

/** The real network, chance and patience for talking to registries. */
export function createRegistryHost(host: Host): RegistryHost {
  return {
    nowMs: host.nowMs,
    env: host.env,
    cwd: host.cwd,
    signal: host.signal,
    fetch,
    random: Math.random,
    wait: (delayMs, signal) => setTimeout(delayMs, undefined, { signal }),
  }
}
