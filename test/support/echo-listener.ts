import {
  defaultHttpLimits,
  fixedHead,
  listenHttp,
  type HttpLimits,
  type HttpListener,
  type ListenerTls,
  type RequestHandler,
} from '../../src/runtime/http/index.ts'
import { acceptHttp2 } from '../../src/runtime/http2/index.ts'

export interface EchoListener extends HttpListener {
  readonly port: number
  /** What the handler has seen: method, target and body. */
  readonly seen: string[]
}

/** The engine with a handler that answers 200 with what it has read, and 413 beyond 64 KiB. */
export async function listenEcho(
  limits: Partial<HttpLimits> = {},
  allowsPlainHttp2 = false,
): Promise<EchoListener> {
  const seen: string[] = []
  const listener = await listenFor(
    (request, reply) => {
      request.readBody(65_536, (outcome) => {
        if (outcome === 'aborted') return
        if (outcome === 'too-large') return reply.send(fixedHead(413, []), null)
        const { method, path, query } = request
        const text = `${method} ${path}${query === '' ? '' : `?${query}`} ${outcome.toString('latin1')}`
        seen.push(text)
        reply.send(fixedHead(200, []), Buffer.from(text, 'latin1'))
      })
    },
    limits,
    allowsPlainHttp2,
  )
  return { ...listener, seen }
}

/** The engine with a handler of a test, for HTTP/1.1 and, unless said otherwise, HTTP/2. */
export async function listenFor(
  onRequest: RequestHandler,
  limits: Partial<HttpLimits> = {},
  allowsPlainHttp2 = true,
  tls?: ListenerTls,
): Promise<HttpListener & { readonly port: number }> {
  const listener = await listenHttp({
    address: { host: '127.0.0.1', port: 0 },
    limits: { ...defaultHttpLimits, ...limits },
    headers: [],
    acceptHttp2,
    allowsPlainHttp2,
    tls,
    clock: { nowMs: () => 0, monotonicMs: () => performance.now() },
    onRequest,
  })
  return { ...listener, port: listener.address.port }
}
