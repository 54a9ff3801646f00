import type { JsonObject } from '../../../domain/index.ts'
import { Fields, type BodySink, type RawHeaders } from '../../http/index.ts'
import type { Exchange, Handler } from '../../pipeline/index.ts'
import type { BuiltMiddleware, FactoryContext } from '../middleware.ts'
import { directivesOf } from './cache-control.ts'
import { innerExchange } from '../inner-exchange.ts'
import { isNotModified, mayStandIn, reuseOf } from './reuse.ts'
import { freshened, keptHeaders, planStoring, type CacheRules } from './storing.ts'
import { ageSeconds, type StoredResponse } from './stored-response.ts'

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])
const MAX_WAITING = 1000
/** Conditions of a client are answered by the gateway; the service is asked for the whole. */
const CONDITIONS = ['if-none-match', 'if-modified-since']

/** A shared cache (RFC 9111). */
export function createCache(config: JsonObject, { host, responses: store }: FactoryContext): BuiltMiddleware {
  const methods = new Set(config['methods'] as readonly string[])
  const rules: CacheRules = {
    ttlSeconds: config['ttl'] as number,
    vary: (config['vary'] as readonly string[]).map((name) => name.toLowerCase()),
    statuses: new Set(config['cacheable_status'] as readonly number[]),
    maxEntryBytes: config['max_entry_bytes'] as number,
  }
  const moment = () => ({ monotonicMs: host.monotonicMs(), epochMs: host.nowMs() })
  /** Requests for what is being fetched, by address. */
  const waiting = new Map<string, (() => void)[]>()
  const asking = new Set<string>()

  const give = (exchange: Exchange, stored: StoredResponse, note: string): void => {
    const age = ageSeconds(stored, host.monotonicMs())
    const extra = [
      'age',
      String(age),
      'cache-status',
      `barbacane; ${note}; ttl=${stored.lifetimeSeconds - age}`,
    ]
    if (!isNotModified(stored, exchange.request.headers)) {
      return exchange.send(stored.status, [...stored.headers, ...extra], stored.body)
    }
    exchange.send(304, [...fieldsOf304(stored.headers), ...extra], null)
  }

  /** Asks the service; `outer` is null where nobody waits for the answer. */
  const askService = (
    asked: { readonly exchange: Exchange; readonly key: string; readonly next: Handler },
    stored: StoredResponse | undefined,
    { outer, done }: { readonly outer: Exchange | null; readonly done: () => void },
  ): void => {
    const { exchange, key, next } = asked
    const request = exchange.request.headers
    const onHead = (status: number, headers: Fields): BodySink | null => {
      const nowMs = host.monotonicMs()
      if (stored !== undefined && status === 304) {
        const renewed = freshened(stored, headers)
        const plan = planStoring(request, { status: stored.status, headers: renewed }, rules, moment())
        const entry = { ...(plan ?? { ...stored, headers: keptHeaders(renewed) }), body: stored.body }
        if (plan === undefined) store.remove(key)
        else store.put(key, entry)
        if (outer !== null) give(outer, entry, 'hit; fwd=stale; fwd-status=304')
        return null
      }
      if (stored !== undefined && mayStandIn(stored, status, nowMs)) {
        if (outer !== null) give(outer, stored, `hit; fwd=stale; fwd-status=${status}`)
        return null
      }
      const isWhole = exchange.request.method === 'GET'
      const plan = isWhole ? planStoring(request, { status, headers }, rules, moment()) : undefined
      const note = `barbacane; fwd=${stored === undefined ? 'miss' : 'stale'}${plan === undefined ? '' : '; stored'}`
      if (plan === undefined) done()
      const sink = outer === null ? null : begin(outer, { status, headers, note })
      return collecting(sink, plan === undefined ? 0 : rules.maxEntryBytes, (body) => {
        if (plan !== undefined && body !== undefined) store.put(key, { ...plan, body })
        done()
      })
    }
    const headers = Fields.received(request.pairs())
    for (const name of CONDITIONS) headers.remove(name)
    if (stored?.etag !== undefined) headers.set('if-none-match', stored.etag)
    if (stored?.lastModified !== undefined) headers.set('if-modified-since', stored.lastModified)
    const inner = innerExchange(exchange, headers, { onHead, onEnd: done })
    outer?.onClose((complete) => {
      if (!complete) inner.abort()
    })
    inner.exchange.attempt(() => next(inner.exchange))
  }

  const askBehind = (
    exchange: Exchange,
    key: string,
    { next, stored }: { next: Handler; stored: StoredResponse },
  ) => {
    if (asking.has(key)) return
    asking.add(key)
    askService({ exchange, key, next }, stored, { outer: null, done: () => asking.delete(key) })
  }

  /** The first request for an address fetches it; the others look again when it is there. */
  const forward = (
    exchange: Exchange,
    key: string,
    { next, stored }: { next: Handler; stored: StoredResponse | undefined },
  ) => {
    const others = waiting.get(key)
    if (others !== undefined && others.length < MAX_WAITING && stored === undefined) {
      let isGone = false
      exchange.onClose(() => (isGone = true))
      others.push(() => {
        if (!isGone) exchange.attempt(() => answer(exchange, key, { next, mayWait: false }))
      })
      return
    }
    const leads = others === undefined && stored === undefined && exchange.request.method === 'GET'
    if (leads) waiting.set(key, [])
    const done = once(() => {
      if (!leads) return
      const released = waiting.get(key) ?? []
      waiting.delete(key)
      for (const release of released) release()
    })
    askService({ exchange, key, next }, stored, { outer: exchange, done })
  }

  const answer = (
    exchange: Exchange,
    key: string,
    { next, mayWait }: { next: Handler; mayWait: boolean },
  ): void => {
    const { headers } = exchange.request
    const stored = store.find(key, headers)
    if (stored !== undefined) {
      const reuse = reuseOf(stored, headers, host.monotonicMs())
      if (reuse !== 'ask') {
        give(exchange, stored, 'hit')
        if (reuse === 'stale-while-revalidate') askBehind(exchange, key, { next, stored })
        return
      }
    }
    if (directivesOf(headers).has('only-if-cached')) {
      return exchange.problem('upstream-timeout', { detail: 'Nothing fresh is kept of it.' })
    }
    if (mayWait) return forward(exchange, key, { next, stored })
    askService({ exchange, key, next }, stored, { outer: exchange, done: () => undefined })
  }

  return {
    handle: (next) => (exchange) => {
      const { method, headers, hasBody } = exchange.request
      const key = keyOf(exchange)
      if (!SAFE.has(method)) {
        exchange.onResponse((response, done) => {
          if (response.status >= 200 && response.status < 400) {
            for (const changed of [key, ...locationsOf(exchange, response.headers)]) store.remove(changed)
          }
          done()
        })
        return next(exchange)
      }
      const passes = !methods.has(method) || hasBody || BYPASSING.some((name) => headers.has(name))
      if (passes || directivesOf(headers).has('no-store')) return next(exchange)
      answer(exchange, key, { next, mayWait: true })
    },
  }
}

/** Parts of answers, and conditions that are no questions, are for the service. */
const BYPASSING = ['range', 'if-match', 'if-unmodified-since', 'if-range']

function keyOf({ request }: Exchange): string {
  return keyFor(hostOf(request.headers), request.path, request.query)
}

function keyFor(host: string, path: string, query: string): string {
  return `${host}\0${path}?${query}`
}

function hostOf(headers: Fields): string {
  return headers.get('host')?.toLowerCase() ?? ''
}

/** What a change says that it has changed too, as far as it is of the same host (RFC 9111 §4.4). */
function locationsOf({ request }: Exchange, headers: Fields): readonly string[] {
  const host = hostOf(request.headers)
  const base = `http://${host}${request.path}`
  return ['location', 'content-location'].flatMap((name) => {
    const location = headers.get(name)
    if (location === undefined || !URL.canParse(location, base)) return []
    const url = new URL(location, base)
    return url.host === new URL(base).host ? keyFor(host, url.pathname, url.search.slice(1)) : []
  })
}

/** Begins the answer to a client, who may have it already. */
function begin(
  outer: Exchange,
  { status, headers, note }: { readonly status: number; readonly headers: Fields; readonly note: string },
): BodySink | null {
  const [etag, lastModified] = [headers.get('etag'), headers.get('last-modified')]
  if (isNotModified({ status, etag, lastModified }, outer.request.headers)) {
    outer.send(304, [...fieldsOf304(keptHeaders(headers)), 'cache-status', note], null)
    return null
  }
  headers.append('cache-status', note)
  return outer.stream(status, headers)
}

/** The fields that a 304 has (RFC 9110 §15.4.5). */
function fieldsOf304(headers: RawHeaders): RawHeaders {
  const names = new Set([
    'cache-control',
    'content-location',
    'date',
    'etag',
    'expires',
    'vary',
    'last-modified',
  ])
  return headers.filter((_, index) => names.has((headers[index - (index % 2)] as string).toLowerCase()))
}

/** Passes a body on and collects it; `done` gets it whole, or undefined where it broke off or is too large. */
function collecting(
  sink: BodySink | null,
  maxBytes: number,
  done: (body: Buffer | undefined) => void,
): BodySink {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  return {
    write: (chunk) => {
      sizeBytes += chunk.byteLength
      // The bytes of an engine may be of its buffer.
      if (sizeBytes <= maxBytes) chunks.push(Buffer.from(chunk))
      return sink?.write(chunk) ?? true
    },
    onDrain: (listener) => sink?.onDrain(listener),
    end: () => {
      sink?.end()
      done(sizeBytes <= maxBytes ? Buffer.concat(chunks) : undefined)
    },
    destroy: () => {
      sink?.destroy()
      done(undefined)
    },
  }
}

function once(action: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    action()
  }
}
