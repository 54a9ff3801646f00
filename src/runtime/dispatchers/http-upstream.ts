import type { JsonObject } from '../../domain/index.ts'
import type { Exchange } from '../pipeline/exchange.ts'
import type { Handler } from '../pipeline/handler.ts'
import type { DispatcherContext } from './context.ts'
import { requestHeaders } from './forwarded-headers.ts'
import type { Upstream } from './upstreams.ts'
import { targetBuilder } from './upstream-target.ts'

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
  const upstream = context.upstreams.of(origin)
  return (exchange) => {
    const { path, query } = exchange
    const target = basePath + (build === undefined ? path : build(exchange.captures))
    const forwarding = { upstream, target: query === '' ? target : `${target}?${query}`, timeoutMs, context }
    exchange.readBody((body) => forward(exchange, body, forwarding))
  }
}

interface Forwarding {
  readonly upstream: Upstream
  readonly target: string
  readonly timeoutMs: number
  readonly context: DispatcherContext
}

function forward(
  exchange: Exchange,
  whole: Buffer,
  { upstream, target, timeoutMs, context }: Forwarding,
): void {
  const { client, metrics } = upstream
  const startedMs = context.host.monotonicMs()
  const headers = requestHeaders(exchange)
  const body = whole.byteLength === 0 ? null : whole
  let sink: ReturnType<Exchange['stream']> | undefined
  const call = client.send(
    { method: exchange.request.method, target, headers, body, timeoutMs },
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
        const kind = fault === 'timeout' ? 'upstream-timeout' : 'upstream-unavailable'
        exchange.problem(kind, context.dev ? { detail: cause.message } : undefined)
      },
    },
  )
  exchange.onClose((complete) => {
    if (!complete) call.abort()
  })
}

function parseUpstreamUrl(text: string): { readonly origin: string; readonly basePath: string } {
  if (!URL.canParse(text)) throw new RangeError('url is not a URL')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') throw new RangeError('url must not hold credentials')
  if (url.search !== '' || url.hash !== '') throw new RangeError('url must have no query and no fragment')
  return { origin: url.origin, basePath: url.pathname.replace(/\/+$/, '') }
}
