import type { RegistryHost } from './registry-host.ts'

/** Another attempt may succeed; after the last one `final` is thrown. */
export class TransientError extends Error {
  readonly final: Error
  /** What the server asked to wait, from `Retry-After`. */
  readonly retryAfterMs: number | undefined

  constructor(final: Error, retryAfterMs?: number) {
    super(final.message)
    this.final = final
    this.retryAfterMs = retryAfterMs
  }
}

export const MAX_ATTEMPTS = 5
const BASE_DELAY_MS = 500
const MAX_DELAY_MS = 60_000

/**
 * Runs until it does not throw a {@link TransientError}, five times at most, with exponential backoff and full jitter
 * between, or as long as the server asked to wait (at most a minute).
 */
export async function retrying<T>(host: RegistryHost, run: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(attempt)
    } catch (error) {
      if (!(error instanceof TransientError)) throw error
      host.signal.throwIfAborted()
      if (attempt === MAX_ATTEMPTS) throw error.final
      await host.wait(delayMs(attempt, error.retryAfterMs, host.random()), host.signal)
    }
  }
}

/** Reads a `Retry-After` header: seconds or an HTTP-date (RFC 9110 §10.2.3); anything else is ignored. */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined
  if (/^\d+$/.test(header)) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}

function delayMs(attempt: number, retryAfterMs: number | undefined, random: number): number {
  const backoff = BASE_DELAY_MS * 2 ** (attempt - 1) * (0.5 + random / 2)
  return Math.min(MAX_DELAY_MS, Math.max(backoff, retryAfterMs ?? 0))
}
