import type { RawHeaders } from '../../http/index.ts'

/** An answer that is kept, with what was found out about its age when it came. */
export interface StoredResponse {
  readonly status: number
  /** End-to-end fields, without `Age`. */
  readonly headers: RawHeaders
  readonly body: Buffer
  /** The fields of the request that it depends on, lower case, with their values then; null where there was none. */
  readonly vary: readonly (readonly [name: string, value: string | null])[]
  /** When it came, by a clock that never goes back. */
  readonly receivedMs: number
  /** How old it was then. */
  readonly initialAgeSeconds: number
  readonly lifetimeSeconds: number
  readonly staleWhileRevalidateSeconds: number
  readonly staleIfErrorSeconds: number
  /** It may never be given without asking the service. */
  readonly mustAsk: boolean
  /** It may not be given once it is stale. */
  readonly mustRevalidate: boolean
  readonly etag: string | undefined
  readonly lastModified: string | undefined
}

/** RFC 9111 §4.2.3. */
export function ageSeconds({ receivedMs, initialAgeSeconds }: StoredResponse, nowMs: number): number {
  return initialAgeSeconds + Math.max(0, Math.floor((nowMs - receivedMs) / 1000))
}

/** What it takes of memory, roughly. */
export function sizeBytes({ headers, body, vary }: StoredResponse): number {
  const texts = headers.reduce((sum, text) => sum + text.length, 0)
  return (
    512 +
    body.byteLength +
    2 * (texts + vary.reduce((sum, [name, value]) => sum + name.length + (value?.length ?? 0), 0))
  )
}
