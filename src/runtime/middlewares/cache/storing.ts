import {
  connectionOptions,
  Fields,
  fieldSet,
  HOP_BY_HOP,
  STATUS_CODES,
  Known,
  knownField,
  type RawHeaders,
} from '../../http/index.ts'
import { consumerOf } from '../identity.ts'
import { directivesOf, secondsOf, type Directives } from './cache-control.ts'
import { selectingValue } from './response-store.ts'
import type { StoredResponse } from './stored-response.ts'

export interface CacheRules {
  readonly ttlSeconds: number
  /** Request fields that every answer depends on, lower case. */
  readonly vary: readonly string[]
  readonly statuses: ReadonlySet<number>
  readonly maxEntryBytes: number
}

export interface Moment {
  readonly monotonicMs: number
  /** Milliseconds since the Unix epoch. */
  readonly epochMs: number
}

/** What is kept of an answer but its body; undefined where it may not be kept (RFC 9111 §3). */
export function planStoring(
  request: Fields,
  response: Answer,
  rules: CacheRules,
  moment: Moment,
): Omit<StoredResponse, 'body'> | undefined {
  const { status, headers } = response
  const directives = directivesOf(headers)
  const names = varyNames(headers, rules.vary)
  if (names === undefined || !mayStore(request, response, { directives, rules })) return undefined
  const validators = { etag: headers.get('etag'), lastModified: headers.get('last-modified') }
  const terms = termsOf(headers, directives, {
    guessedSeconds: guessedLifetime(request, names, rules),
    epochMs: moment.epochMs,
  })
  if (isUseless(terms, validators)) return undefined
  return {
    status,
    headers: keptHeaders(headers),
    vary: names.map((name) => [name, selectingValue(request, name)] as const),
    receivedMs: moment.monotonicMs,
    initialAgeSeconds: initialAge(headers, moment.epochMs),
    ...terms,
    ...validators,
  }
}

interface Answer {
  readonly status: number
  readonly headers: Fields
}

type Terms = Pick<
  StoredResponse,
  'lifetimeSeconds' | 'staleWhileRevalidateSeconds' | 'staleIfErrorSeconds' | 'mustAsk' | 'mustRevalidate'
>

type Validators = Pick<StoredResponse, 'etag' | 'lastModified'>

function mayStore(
  request: Fields,
  { status, headers }: Answer,
  { directives, rules }: { readonly directives: Directives; readonly rules: CacheRules },
): boolean {
  if (status === 206 || !rules.statuses.has(status)) return false
  if (isForbidden(status, directives) || headers.has('set-cookie')) return false
  if (directivesOf(request).has('no-store')) return false
  return !isPersonal(request) || allowsSharing(directives)
}

/** The final statuses of RFC 9110 §15, RFC 4918, 6585, 7725, 8297 and 8470: what is to be done with them is known here. */
const UNDERSTOOD: ReadonlySet<number> = new Set(
  Object.keys(STATUS_CODES)
    .map(Number)
    .filter((status) => status >= 200),
)

/** `must-understand` forbids what is not understood, and takes the place of `no-store` otherwise (RFC 9111 §5.2.2.3). */
function isForbidden(status: number, directives: Directives): boolean {
  if (directives.has('private')) return true
  if (directives.has('must-understand')) return !UNDERSTOOD.has(status)
  return directives.has('no-store')
}

function termsOf(
  headers: Fields,
  directives: Directives,
  { guessedSeconds, epochMs }: { readonly guessedSeconds: number; readonly epochMs: number },
): Terms {
  return {
    lifetimeSeconds: explicitLifetime(headers, directives, epochMs) ?? guessedSeconds,
    staleWhileRevalidateSeconds: secondsOf(directives, 'stale-while-revalidate') ?? 0,
    staleIfErrorSeconds: secondsOf(directives, 'stale-if-error') ?? 0,
    mustAsk: directives.has('no-cache'),
    mustRevalidate: ['must-revalidate', 'proxy-revalidate', 's-maxage'].some((name) => directives.has(name)),
  }
}

/** What a service says nothing about may be for the owner of a cookie. */
function guessedLifetime(request: Fields, names: readonly string[], { ttlSeconds }: CacheRules): number {
  return !request.has('cookie') || names.includes('cookie') ? ttlSeconds : 0
}

/** An answer that can neither be given again nor be asked about. */
function isUseless(terms: Terms, { etag, lastModified }: Validators): boolean {
  if (etag !== undefined || lastModified !== undefined) return false
  return terms.mustAsk || terms.lifetimeSeconds + terms.staleWhileRevalidateSeconds <= 0
}

/** True for requests whose answers may be for one caller: a middleware may have taken the credentials off (§3.5). */
function isPersonal(request: Fields): boolean {
  return request.has('authorization') || consumerOf(request) !== undefined
}

function allowsSharing(directives: Directives): boolean {
  return ['public', 's-maxage', 'must-revalidate'].some((name) => directives.has(name))
}

/** The fields that select the answer; undefined for `*`. */
function varyNames(headers: Fields, always: readonly string[]): readonly string[] | undefined {
  const named = headers
    .values('vary')
    .flatMap((value) => value.split(',').map((name) => name.trim().toLowerCase()))
  if (named.includes('*')) return undefined
  return [...new Set([...always, ...named.filter((name) => name !== '')])].toSorted()
}

/** RFC 9111 §4.2.1, for a shared cache. */
function explicitLifetime(headers: Fields, directives: Directives, epochMs: number): number | undefined {
  const said = secondsOf(directives, 's-maxage') ?? secondsOf(directives, 'max-age')
  if (said !== undefined) return said
  const expires = headers.get('expires')
  if (expires === undefined) return undefined
  const [until, date] = [Date.parse(expires), Date.parse(headers.get('date') ?? '')]
  // An answer without a date was made when it came (RFC 9110 §6.6.1).
  const from = Number.isNaN(date) ? epochMs : date
  return Number.isNaN(until) ? 0 : Math.max(0, Math.floor((until - from) / 1000))
}

/** The first of a list counts, and what is no number is ignored (RFC 9111 §5.1). */
function initialAge(headers: Fields, epochMs: number): number {
  const said = headers.get('age')?.split(',')[0]?.trim()
  const date = Date.parse(headers.get('date') ?? '')
  const apparent = Number.isNaN(date) ? 0 : Math.max(0, Math.floor((epochMs - date) / 1000))
  return Math.max(apparent, said !== undefined && /^\d+$/.test(said) ? Number(said) : 0)
}

const NOT_KEPT = fieldSet(...HOP_BY_HOP, Known.contentLength)

/** The fields that are kept (§3.1): those of this hop and of this answer are not. */
export function keptHeaders(headers: Fields): RawHeaders {
  const options = connectionOptions(headers)
  const kept: string[] = []
  headers.forEach((name, value) => {
    const lower = name.toLowerCase()
    const isOfHop = (NOT_KEPT & (1 << knownField(name, 0, name.length))) !== 0 || options?.has(lower) === true
    if (!isOfHop && lower !== 'age' && lower !== 'cache-status') kept.push(name, value)
  })
  return kept
}

/** A kept answer with the fields of a 304 in place of its own (§4.3.4). */
export function freshened(stored: StoredResponse, headers: Fields): Fields {
  const merged = Fields.received(stored.headers)
  const updates = Fields.received(keptHeaders(headers))
  const names = new Set<string>()
  updates.forEach((name) => names.add(name.toLowerCase()))
  for (const name of names) {
    // They say how the body that is kept reads.
    if (['content-encoding', 'content-range', 'content-md5', 'etag'].includes(name)) continue
    merged.remove(name)
    for (const value of updates.values(name)) merged.append(name, value)
  }
  return merged
}
