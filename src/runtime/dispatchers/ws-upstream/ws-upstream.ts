import type { JsonObject } from '../../../domain/index.ts'
import type { Exchange } from '../../pipeline/exchange.ts'
import type { Handler } from '../../pipeline/handler.ts'
import { handshakeFault } from '../../websocket/index.ts'
import type { DispatcherContext } from '../context.ts'
import { pathByTemplate, samePath } from '../http-upstream/target-path.ts'
import { parseUpstreamUrl, tlsOf } from '../targets/index.ts'
import { Opening, type OpeningPlan } from './opening.ts'

/**
 * Connects clients to a service by WebSocket (RFC 6455).
 *
 * @throws {RangeError} for a URL, path or certificate that cannot be used, named in the message.
 */
export function createWsUpstream(config: JsonObject, context: DispatcherContext): Handler {
  const { origin, basePath } = parseUpstreamUrl((config['url'] as string).replace(/^ws/, 'http'), '/url')
  const template = config['path'] as string | undefined
  const pathOf = template === undefined ? samePath : pathByTemplate(template, context.captureNames)
  const timeoutMs = (config['connect_timeout'] as number) * 1000
  const maxConnections = config['max_connections'] as number
  const plan: OpeningPlan = {
    upstream: context.upstreams.upgrading(origin, {
      tls: tlsOf(config['tls'] as JsonObject | undefined, origin),
      connectTimeoutMs: timeoutMs,
    }),
    timeoutMs,
    limits: {
      idleTimeoutMs: (config['idle_timeout'] as number) * 1000,
      maxLifetimeMs: (config['max_lifetime'] as number) * 1000,
    },
    host: context.host,
    log: context.log,
    dev: context.dev,
  }
  let connections = 0
  return (exchange) => {
    if (refuse(exchange)) return
    if (connections >= maxConnections) return exchange.problem('overloaded', undefined, ['retry-after', '1'])
    connections += 1
    exchange.onClose(() => (connections -= 1))
    const path = basePath + pathOf(exchange)
    new Opening(exchange, plan).start(exchange.query === '' ? path : `${path}?${exchange.query}`)
  }
}

/** Answers what does not open a connection of WebSocket (RFC 6455 §4.2.2). */
function refuse(exchange: Exchange): boolean {
  if (!exchange.offers('websocket')) {
    exchange.problem('upgrade-required', undefined, ['upgrade', 'websocket'])
    return true
  }
  const fault = handshakeFault(exchange.request.headers)
  if (fault === 'version') {
    const detail = 'The version of WebSocket is 13.'
    exchange.problem('upgrade-required', { detail }, ['upgrade', 'websocket', 'sec-websocket-version', '13'])
  } else if (fault === 'key') {
    exchange.problem('bad-request', { detail: 'Sec-WebSocket-Key is not 16 bytes in base64.' })
  }
  return fault !== undefined
}
