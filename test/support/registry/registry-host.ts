import type { RegistryHost } from '../../../src/oci/index.ts'

/** A host that notes how long it was asked to wait and waits for nothing. */
export function registryHost(
  changes: Partial<RegistryHost> = {},
): RegistryHost & { readonly waits: number[] } {
  const waits: number[] = []
  return {
    nowMs: () => Date.UTC(2026, 0, 2),
    env: { HOME: '/nonexistent' },
    cwd: '/',
    signal: new AbortController().signal,
    fetch,
    random: () => 0.5,
    wait: async (delayMs) => void waits.push(delayMs),
    ...changes,
    waits,
  }
}
