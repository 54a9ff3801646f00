import type { BodySink, Fields } from '../../http/index.ts'
import type { Upstreams } from '../../dispatchers/index.ts'
import type { PluginHttpRequest, PluginHttpResponse, Relay } from '../plugin-services.ts'
import { destinationCheck, type DestinationOptions } from './destination.ts'
import { headerLines } from './header-lines.ts'

/** Requests that plugins send; whatever goes wrong is an answer of its own, as plugins expect it. */
export type PluginHttp = (request: PluginHttpRequest, relay?: Relay) => Promise<PluginHttpResponse>

const MAX_BODY_BYTES = 8 * 1024 * 1024
const METHOD = /^[A-Z]{1,20}$/

export function createPluginHttp({
  upstreams,
  ...allowed
}: DestinationOptions & { readonly upstreams: Upstreams }): PluginHttp {
  const destinationFault = destinationCheck(allowed)
  const faultOf = (url: URL, { method }: PluginHttpRequest): string | undefined =>
    METHOD.test(method) ? destinationFault(url) : 'its method is none'
  return (request, relay) => {
    const url = URL.parse(request.url)
    const fault = url === null ? 'it is no URL' : faultOf(url, request)
    if (url === null || fault !== undefined) {
      return Promise.resolve(problem(502, `The request of the plugin is not sent: ${fault}.`))
    }
    const lines = headerLines(request.headers)
    if (lines === undefined) {
      return Promise.resolve(
        problem(502, 'The request of the plugin is not sent: its headers are not allowed in HTTP.'),
      )
    }
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
