import type { Fields } from '../../http/index.ts'
import { directivesOf, secondsOf, type Directives } from './cache-control.ts'
import { ageSeconds, type StoredResponse } from './stored-response.ts'

/**
 * What may be done with a kept answer (RFC 9111 §4.2, RFC 5861 §3): give it, give it while the service is asked in the
 * background, or ask first.
 */
export type Reuse = 'fresh' | 'stale-while-revalidate' | 'ask'

export function reuseOf(stored: StoredResponse, request: Fields, nowMs: number): Reuse {
  const wanted = directivesOf(request)
  if (stored.mustAsk || isReload(request, wanted)) return 'ask'
  const age = ageSeconds(stored, nowMs)
  const maxAge = secondsOf(wanted, 'max-age')
  if (maxAge !== undefined && age > maxAge) return 'ask'
  const left = stored.lifetimeSeconds - age
  if (left > 0 && left >= (secondsOf(wanted, 'min-fresh') ?? 0)) return 'fresh'
  if (stored.mustRevalidate || wanted.has('min-fresh')) return 'ask'
  if (-left <= acceptedStaleness(wanted)) return 'fresh'
  return maxAge === undefined && -left < stored.staleWhileRevalidateSeconds ? 'stale-while-revalidate' : 'ask'
}

/** `Pragma` counts where there is no `Cache-Control` (RFC 9111 §5.4). */
function isReload(request: Fields, wanted: Directives): boolean {
  if (wanted.has('no-cache')) return true
  return (
    request.has('pragma') &&
    !request.has('cache-control') &&
    /\bno-cache\b/i.test(request.get('pragma') ?? '')
  )
}

/** How many seconds past its life a client takes an answer; none unless it says so. */
function acceptedStaleness(wanted: Directives): number {
  if (!wanted.has('max-stale')) return -1
  return wanted.get('max-stale') === '' ? Infinity : (secondsOf(wanted, 'max-stale') ?? -1)
}

/** True where a kept answer may be given in place of an error of the service (RFC 5861 §4). */
export function mayStandIn(stored: StoredResponse, status: number, nowMs: number): boolean {
  if (![500, 502, 503, 504].includes(status) || stored.mustRevalidate || stored.mustAsk) return false
  return ageSeconds(stored, nowMs) - stored.lifetimeSeconds < stored.staleIfErrorSeconds
}

/** True where the client has the answer already (RFC 9110 §13.2.2). */
export function isNotModified(
  stored: Pick<StoredResponse, 'status' | 'etag' | 'lastModified'>,
  request: Fields,
): boolean {
  if (stored.status !== 200) return false
  if (request.has('if-none-match')) {
    const tags = request.values('if-none-match')
    if (tags.some((value) => value.trim() === '*')) return true
    const { etag } = stored
    if (etag === undefined) return false
    return tags
      .flatMap((value) => value.match(/(?:W\/)?"[^"]*"/g) ?? [])
      .some((tag) => weak(tag) === weak(etag))
  }
  if (!request.has('if-modified-since')) return false
  const since = Date.parse(request.get('if-modified-since') ?? '')
  const modified = Date.parse(stored.lastModified ?? '')
  return !Number.isNaN(since) && !Number.isNaN(modified) && modified <= since
}

function weak(tag: string): string {
  return tag.replace(/^W\//, '')
}
