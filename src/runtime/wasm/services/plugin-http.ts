import { fieldLines, originFault, type BodySink, type Fields } from '../../http/index.ts'
import type { Upstreams } from '../../dispatchers/index.ts'
import type { PluginHttpRequest, PluginHttpResponse, Relay } from '../plugin-services.ts'

/** Requests that plugins send; whatever goes wrong is an answer of its own, as plugins expect it. */
export type PluginHttp = (request: PluginHttpRequest, relay?: Relay) => Promise<PluginHttpResponse>

export interface PluginHttpOptions {
  readonly upstreams: Upstreams
  /** Services may be called without TLS. */
  readonly allowsPlaintext: boolean
  /** Services at private addresses may be called: code chooses them, perhaps by what a client says. */
  readonly allowsPrivate: boolean
}

const MAX_BODY_BYTES = 8 * 1024 * 1024
/** Each origin has connections of its own. */
const MAX_ORIGINS = 64
const METHOD = /^[A-Z]{1,20}$/

/** What the gateway says itself of a request. */
const OWN: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

export function createPluginHttp({
  upstreams,
  allowsPlaintext,
  allowsPrivate,
}: PluginHttpOptions): PluginHttp {
  const known = new Set<string>()
  const faultOf = (url: URL, request: PluginHttpRequest): string | undefined => {
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'it is neither https nor http'
    if (url.protocol === 'http:' && !allowsPlaintext)
      return 'it has no TLS, and this gateway allows none such'
    if (url.username !== '' || url.password !== '') return 'it holds credentials'
    if (!METHOD.test(request.method)) return 'its method is none'
    if (!known.has(url.origin) && known.size >= MAX_ORIGINS) return 'too many services are called already'
    return originFault(url.origin, allowsPrivate)
  }
  return (request, relay) => {
    const url = URL.parse(request.url)
    const fault = url === null ? 'it is no URL' : faultOf(url, request)
    if (url === null || fault !== undefined) {
      return Promise.resolve(problem(502, `The request of the plugin is not sent: ${fault}.`))
    }
    const lines = linesOf(request.headers)
    if (lines === undefined) {
      return Promise.resolve(
        problem(502, 'The request of the plugin is not sent: its headers are not allowed in HTTP.'),
      )
    }
    known.add(url.origin)
    return send({ upstreams, url, lines, request, relay })
  }
}

interface Sending {
  readonly upstreams: Upstreams
  readonly url: URL
  readonly lines: string
  readonly request: PluginHttpRequest
  readonly relay: Relay | undefined
}

function send({ upstreams, url, lines, request, relay }: Sending): Promise<PluginHttpResponse> {
  const { client, metrics } = upstreams.of(url.origin)
  const { method, timeoutMs, body } = request
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let sizeBytes = 0
    let head: { readonly status: number; readonly headers: Readonly<Record<string, string>> } | undefined
    let sink: BodySink | undefined
    const call = client.send(
      { method, target: url.pathname + url.search, lines, body, timeoutMs },
      {
        onStart: (status, fields) => {
          head = { status, headers: textsOf(fields) }
          sink = relay?.(status, fields)
          sink?.onDrain(() => call.resume())
        },
        onData: (chunk) => {
          sizeBytes += chunk.byteLength
          if (sizeBytes <= MAX_BODY_BYTES) chunks.push(chunk)
          else if (sink === undefined) {
            call.abort()
            resolve(problem(502, `The answer has more than ${MAX_BODY_BYTES} bytes.`))
          }
          return sink?.write(chunk) ?? true
        },
        onEnd: () => {
          sink?.end()
          const whole = sizeBytes <= MAX_BODY_BYTES ? Buffer.concat(chunks) : Buffer.alloc(0)
          resolve({ status: 502, headers: {}, ...head, body: whole })
        },
        onFault: (fault, cause) => {
          metrics.failed(fault)
          sink?.destroy()
          resolve(problem(fault === 'timeout' ? 504 : 502, cause.message))
        },
      },
    )
  })
}

function linesOf(headers: Readonly<Record<string, string>>): string | undefined {
  const pairs = Object.entries(headers).filter(([name]) => !OWN.has(name.toLowerCase()))
  try {
    return fieldLines(pairs.flat())
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** Names in lower case; fields of one name are one value. */
export function textsOf(fields: Fields): Record<string, string> {
  const texts: Record<string, string> = {}
  fields.forEach((name, value) => {
    const lower = name.toLowerCase()
    const before = Object.hasOwn(texts, lower) ? texts[lower] : undefined
    const joined = before === undefined ? value : `${before}${lower === 'cookie' ? '; ' : ', '}${value}`
    Object.defineProperty(texts, lower, {
      value: joined,
      enumerable: true,
      writable: true,
      configurable: true,
    })
  })
  return texts
}

function problem(status: number, detail: string): PluginHttpResponse {
  const document = {
    type: 'urn:barbacane:error:plugin-call-failed',
    title: 'The call of another service failed',
    status,
    detail,
  }
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: Buffer.from(JSON.stringify(document)),
  }
}
