import type { Logger } from '../../telemetry/index.ts'
import { readKeySet, type VerificationKey } from './key-set.ts'

/** Where the keys of tokens come from. */
export interface KeySource {
  /**
   * The keys that a token with this `kid` may be signed by; none where there is no such key. Undefined where keys are
   * needed and cannot be had.
   */
  readonly keysFor: (kid: string | undefined) => Promise<readonly VerificationKey[] | undefined>
  /** Gets the keys before somebody needs them; does not fail where they cannot be had. */
  readonly warm: () => Promise<void>
  /** Counts up whenever the keys become others. */
  readonly generation: () => number
}

export function fixedKeys(keys: readonly VerificationKey[]): KeySource {
  return { warm: async () => {}, keysFor: async (kid) => select(keys, kid), generation: () => 0 }
}

export interface RemoteKeysOptions {
  readonly url: string
  readonly refreshMs: number
  readonly graceMs: number
  /** @throws {Error} when the document cannot be had. */
  readonly fetchJson: (url: string) => Promise<unknown>
  readonly monotonicMs: () => number
  readonly log: Logger
}

/** A token with an unknown `kid` is no reason to ask more often: whoever sends tokens chooses it. */
const MIN_INTERVAL_MS = 10_000

/** Keys of a key set that is fetched, kept, and fetched again; one fetch at a time, whoever waits. */
export function remoteKeys(options: RemoteKeysOptions): KeySource {
  const { url, refreshMs, graceMs, fetchJson, monotonicMs, log } = options
  const retryMs = Math.min(MIN_INTERVAL_MS, refreshMs)
  let keys: readonly VerificationKey[] | undefined
  let fingerprint = ''
  let generation = 0
  let fetchedMs = -Infinity
  let triedMs = -Infinity
  let fetching: Promise<void> | undefined
  const fetchKeys = async (): Promise<void> => {
    triedMs = monotonicMs()
    try {
      const document = await fetchJson(url)
      const found = readKeySet(document)
      const print = JSON.stringify(document)
      if (print !== fingerprint) generation += 1
      ;[keys, fingerprint, fetchedMs] = [found, print, monotonicMs()]
    } catch (error) {
      const kept = keys !== undefined && monotonicMs() - fetchedMs <= graceMs
      const reason = (error as Error).message
      log.log(kept ? 'warn' : 'error', 'a key set cannot be fetched', { url, reason, kept })
    }
  }
  const refresh = (): Promise<void> => {
    fetching ??= fetchKeys().finally(() => (fetching = undefined))
    return fetching
  }
  const isDue = (afterMs: number) => monotonicMs() - triedMs >= afterMs
  return {
    warm: refresh,
    generation: () => generation,
    keysFor: async (kid) => {
      const ageMs = monotonicMs() - fetchedMs
      if (keys === undefined || ageMs > graceMs) {
        if (fetching !== undefined || isDue(retryMs)) await refresh()
        if (keys === undefined || monotonicMs() - fetchedMs > graceMs) return undefined
      } else if (ageMs >= refreshMs && isDue(retryMs)) {
        // Requests go on with the keys that are there.
        void refresh()
      }
      const found = select(keys, kid)
      if (found.length > 0 || !isDue(MIN_INTERVAL_MS)) return found
      await refresh()
      return select(keys, kid)
    },
  }
}

/** A token that names a key gets that one; one that names none gets all. */
function select(keys: readonly VerificationKey[], kid: string | undefined): readonly VerificationKey[] {
  if (kid === undefined) return keys
  const named = keys.filter((key) => key.kid === kid)
  return named.length > 0 ? named : keys.filter((key) => key.kid === undefined)
}
