import type { Host } from '../../domain/index.ts'

/** The host with what talking to a registry needs besides. */
export interface RegistryHost extends Host {
  readonly fetch: typeof fetch
  /** A number from 0 up to, not including, 1: spreads attempts. */
  readonly random: () => number
  /** Waits between attempts; rejects when the signal is aborted. */
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<unknown>
  /** How long nothing may arrive before a connection is given up; a minute unless given. */
  readonly idleMs?: number
}

/** How a registry is talked to. */
export interface RegistryOptions {
  /** Speaks http to the registry named; without it only to loopback addresses. */
  readonly plainHttp?: boolean
}
