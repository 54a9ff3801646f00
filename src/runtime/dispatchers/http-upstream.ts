import { createSecureContext } from 'node:tls'

import type { JsonObject } from '../../domain/index.ts'
import type { BodySink, BodySource, ErrorKindName, UpstreamFault, UpstreamTls } from '../http/index.ts'
import type { Exchange } from '../pipeline/exchange.ts'
import type { Handler } from '../pipeline/handler.ts'
import type { DispatcherContext } from './context.ts'
import { requestLines } from './forwarded-headers.ts'
import type { Upstream } from './upstreams.ts'
import { targetBuilder } from './upstream-target.ts'

const PROBLEM_OF: Readonly<Record<UpstreamFault, ErrorKindName>> = {
  timeout: 'upstream-timeout',
  refused: 'upstream-refused',
  unavailable: 'upstream-unavailable',
}

/**
 * Forwards to an HTTP service and streams its answer back.
 *
 * @throws {RangeError} for a URL or path that cannot be used, named in the message.
 */
export function createHttpUpstream(config: JsonObject, context: DispatcherContext): Handler {
  const { origin, basePath } = parseUpstreamUrl(config['url'] as string)
  const timeoutMs = ((config['timeout'] as number | undefined) ?? 30) * 1000
  const template = config['path'] as string | undefined
  const build = template === undefined ? undefined : targetBuilder(template, context.captureNames)
  const tls = tlsOf(config['tls'] as JsonObject | undefined, origin)
  const upstream = context.upstreams.of(origin, tls)
  return (exchange) => {
    const { path, query } = exchange
    const target = basePath + (build === undefined ? path : build(exchange.captures))
    const forwarding = { upstream, target: query === '' ? target : `${target}?${query}`, timeoutMs, context }
    forward(exchange, forwarding)
  }
}

interface Forwarding {
  readonly upstream: Upstream
  readonly target: string
  readonly timeoutMs: number
  readonly context: DispatcherContext
}

function forward(exchange: Exchange, { upstream, target, timeoutMs, context }: Forwarding): void {
  const { client, metrics } = upstream
  const startedMs = context.host.monotonicMs()
  let sink: BodySink | undefined
  const call = client.send(
    {
      method: exchange.request.method,
      target,
      lines: requestLines(exchange),
      body: bodyOf(exchange),
      timeoutMs,
    },
    {
      onStart: (status, fields) => {
        metrics.duration.observe((context.host.monotonicMs() - startedMs) / 1000)
        sink = exchange.stream(status, fields)
        sink.onDrain(() => call.resume())
      },
      onData: (chunk) => sink?.write(chunk) ?? true,
      onEnd: () => sink?.end(),
      onFault: (fault, cause) => {
        metrics.failed(fault)
        context.log.log('warn', 'upstream failed', {
          upstream: upstream.origin,
          fault,
          reason: cause.message,
          request_id: exchange.requestId,
        })
        if (sink !== undefined) return sink.destroy()
        if (exchange.status !== 0) return
        exchange.problem(PROBLEM_OF[fault], context.dev ? { detail: cause.message } : undefined)
      },
    },
  )
  exchange.onClose((complete) => {
    if (!complete) call.abort()
  })
}

/** The body that somebody has read, or the one that is still to come: it goes through piece by piece. */
function bodyOf(exchange: Exchange): Buffer | BodySource | null {
  const { body, request } = exchange
  if (body !== null) return body.byteLength === 0 ? null : body
  if (!request.hasBody) return null
  return {
    lengthBytes: request.contentLength,
    start: (sink) =>
      request.streamBody(exchange.maxBodyBytes, {
        onData: sink.write,
        onEnd: sink.end,
        onFault: (fault) => {
          if (fault === 'too-large' && exchange.status === 0) exchange.refuseBody()
          sink.abort()
        },
      }),
  }
}

/** @throws {RangeError} for certificates and keys that cannot be used. */
function tlsOf(config: JsonObject | undefined, origin: string): UpstreamTls | undefined {
  if (config === undefined) return undefined
  if (!origin.startsWith('https:')) throw new RangeError('/tls: the url is not https')
  const given = config as Readonly<Record<string, string>>
  const tls: UpstreamTls = {
    ...(given['ca'] !== undefined && { ca: given['ca'] }),
    ...(given['client_cert'] !== undefined && { cert: given['client_cert'] }),
    ...(given['client_key'] !== undefined && { key: given['client_key'] }),
    ...(given['server_name'] !== undefined && { serverName: given['server_name'] }),
  }
  try {
    createSecureContext(tls)
  } catch (error) {
    // What OpenSSL says of a key must not end up in a message.
    throw new RangeError('/tls: a certificate or the key is no PEM, or they do not belong together', {
      cause: error,
    })
  }
  return tls
}

function parseUpstreamUrl(text: string): { readonly origin: string; readonly basePath: string } {
  if (!URL.canParse(text)) throw new RangeError('url is not a URL')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') throw new RangeError('url must not hold credentials')
  if (url.search !== '' || url.hash !== '') throw new RangeError('url must have no query and no fragment')
  return { origin: url.origin, basePath: url.pathname.replace(/\/+$/, '') }
}
