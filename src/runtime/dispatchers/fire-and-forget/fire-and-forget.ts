import { canonicalJson, type JsonObject } from '../../../domain/index.ts'
import type { Exchange } from '../../pipeline/exchange.ts'
import type { Handler } from '../../pipeline/handler.ts'
import type { DispatcherContext } from '../context.ts'
import { requestLines } from '../forwarded-headers.ts'
import { fixedAnswer } from '../fixed-answer.ts'
import type { Delivery } from './delivery-queue.ts'

/**
 * Answers at once, and forwards the request afterwards.
 *
 * @throws {RangeError} for a URL or a header that cannot be used, named in the message.
 */
export function createFireAndForget(config: JsonObject, context: DispatcherContext): Handler {
  const { origin, path, query } = urlParts(config['url'] as string)
  const response = config['response'] as JsonObject
  const answer = fixedAnswer(response)
  const queue = context.deliveryQueues.of(canonicalJson(config), {
    upstream: context.upstreams.of(origin),
    maxAttempts: config['max_attempts'] as number,
    backoffMs: config['backoff_ms'] as number,
    timeoutMs: config['timeout_ms'] as number,
    maxQueue: config['max_queue'] as number,
    maxQueueBytes: config['max_queue_bytes'] as number,
    maxConcurrent: config['max_concurrent'] as number,
  })
  const targetOf = (exchange: Exchange) => {
    const queries = [query, exchange.query].filter((part) => part !== '')
    return queries.length === 0 ? path : `${path}?${queries.join('&')}`
  }
  return (exchange) =>
    exchange.readBody((body) => {
      const delivery: Delivery = {
        method: exchange.request.method,
        target: targetOf(exchange),
        lines: linesOf(exchange),
        body,
        requestId: exchange.requestId,
      }
      if (queue.offer(delivery)) return exchange.send(answer.status, answer.headers, answer.body)
      exchange.problem('overloaded', { detail: 'Too many requests wait to be forwarded.' }, [
        'retry-after',
        '1',
      ])
    })
}

/** A service that gets a request twice can tell by its key. */
function linesOf(exchange: Exchange): string {
  const lines = requestLines(exchange)
  if (exchange.request.headers.has('idempotency-key')) return lines
  return `${lines}idempotency-key: "${exchange.requestId}"\r\n`
}

function urlParts(text: string): { readonly origin: string; readonly path: string; readonly query: string } {
  if (!URL.canParse(text)) throw new RangeError('/url is not a URL')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') throw new RangeError('/url must not hold credentials')
  if (url.hash !== '') throw new RangeError('/url must have no fragment')
  return { origin: url.origin, path: url.pathname, query: url.search.slice(1) }
}
