import type { JsonObject } from '../../domain/index.ts'
import type { Exchange } from '../pipeline/exchange.ts'
import { redactHeaders } from '../telemetry/index.ts'
import { clientAddressReader } from './client-address.ts'
import { consumerOf } from './identity.ts'
import type { BuiltMiddleware, MiddlewareContext } from './middleware.ts'

const MAX_WAITING = 10_000
const MAX_SENDING = 8
const MAX_BODY_BYTES = 16 * 1024

/** Sends a record of every request to an HTTP service, after the answer. */
export function createHttpLog(config: JsonObject, context: MiddlewareContext): BuiltMiddleware {
  const { host } = context
  const url = config['endpoint'] as string
  const withHeaders = config['include_headers'] === true
  const withBody = config['include_body'] === true
  const custom = (config['custom_fields'] ?? {}) as JsonObject
  const addressOf = clientAddressReader([])
  const send = sender(config, context)
  const recordOf = (exchange: Exchange, durationMs: number): JsonObject => {
    const { request, requestId, status } = exchange
    return {
      ...custom,
      time: new Date(host.nowMs()).toISOString(),
      request_id: requestId,
      method: request.method,
      path: request.path,
      route: exchange.template,
      status,
      duration_ms: Math.round(durationMs * 1000) / 1000,
      client_ip: addressOf(exchange),
      consumer: consumerOf(request.headers) ?? null,
      ...(withHeaders ? { headers: redactHeaders(request.headers) } : {}),
      ...(withBody && exchange.body !== null ? { body: textOf(exchange.body) } : {}),
    }
  }
  return {
    origins: [new URL(url).origin],
    warm: context.outbound.prepare,
    handle: (next) => (exchange) => {
      const startedMs = host.monotonicMs()
      exchange.onClose(() => send(() => JSON.stringify(recordOf(exchange, host.monotonicMs() - startedMs))))
      next(exchange)
    },
  }
}

function textOf(body: Buffer): string {
  return body.subarray(0, MAX_BODY_BYTES).toString()
}

/** Sends records in order of arrival, a few at a time; what does not find room is dropped and counted. */
function sender(
  config: JsonObject,
  { log, metrics, outbound }: MiddlewareContext,
): (make: () => string) => void {
  const url = config['endpoint'] as string
  const shape = {
    url,
    method: config['method'] as 'POST' | 'PUT',
    contentType: config['content_type'] as string,
    timeoutMs: config['timeout_ms'] as number,
  }
  const waiting: string[] = []
  let sending = 0
  const dropped = metrics.httpLogDropped(new URL(url).origin)
  const drop = (reason: string) => {
    dropped.increment()
    log.log('warn', 'a record of http-log was not taken', { endpoint: new URL(url).origin, reason })
  }
  const deliver = async (body: string): Promise<void> => {
    try {
      const status = await outbound.deliver({ ...shape, body })
      if (status >= 300) drop(`the answer is ${status}`)
    } catch (error) {
      drop((error as Error).message)
    }
  }
  const pump = (): void => {
    while (sending < MAX_SENDING) {
      const body = waiting.shift()
      if (body === undefined) return
      sending += 1
      void deliver(body).finally(() => {
        sending -= 1
        pump()
      })
    }
  }
  return (make) => {
    if (waiting.length >= MAX_WAITING) return dropped.increment()
    waiting.push(make())
    pump()
  }
}
