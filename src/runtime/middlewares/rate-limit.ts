import { hash } from 'node:crypto'

import type { JsonObject } from '../../domain/index.ts'
import type { Exchange } from '../pipeline/exchange.ts'
import { clientAddressReader } from './client-address.ts'
import { consumerOf } from './identity.ts'
import type { BuiltMiddleware, MiddlewareContext } from './middleware.ts'
import { refusalOf } from './refusal.ts'

const MAX_KEPT_LENGTH = 64

/** Limits requests of a caller in a window of time (draft-ietf-httpapi-ratelimit-headers). */
export function createRateLimit(config: JsonObject, { host, state }: MiddlewareContext): BuiltMiddleware {
  const quota = config['quota'] as number
  const windowSeconds = config['window'] as number
  const name = config['policy_name'] as string
  const callerOf = callerReader(config)
  const prefix = `${name}\0${quota}\0${windowSeconds}\0`
  const policy = `"${name}";q=${quota};w=${windowSeconds}`
  const refuse = refusalOf('rate-limited', {
    detail: `The limit is ${quota} requests in ${windowSeconds} s.`,
  })
  return {
    handle: (next) => (exchange) => {
      const nowMs = host.monotonicMs()
      const window = state.rateLimits.take(
        prefix + shortened(callerOf(exchange)),
        quota,
        windowSeconds * 1000,
        nowMs,
      )
      const resetSeconds = Math.max(1, Math.ceil((window.resetMs - nowMs) / 1000))
      const limit = `"${name}";r=${window.remaining};t=${resetSeconds}`
      if (!window.allowed) {
        const retry = ['retry-after', String(resetSeconds)]
        return refuse(exchange, ['ratelimit-policy', policy, 'ratelimit', limit, ...retry])
      }
      exchange.onResponse((response, done) => {
        response.headers.appendKnown('ratelimit-policy', policy)
        response.headers.appendKnown('ratelimit', limit)
        done()
      })
      next(exchange)
    },
  }
}

/** What a caller writes of itself may be long; what is kept of many callers may not. */
function shortened(caller: string): string {
  return caller.length <= MAX_KEPT_LENGTH ? caller : `sha256:${hash('sha256', caller, 'base64')}`
}

function callerReader(config: JsonObject): (exchange: Exchange) => string {
  const key = config['partition_key'] as string
  if (key === 'client_ip') return clientAddressReader(config['trusted_proxies'] as readonly string[])
  if (key === 'consumer') return ({ request }) => consumerOf(request.headers) ?? ''
  const [kind, ...rest] = key.split(':')
  const name = rest.join(':')
  if (kind === 'context') return (exchange) => exchange.context.get(name) ?? ''
  const field = name.toLowerCase()
  return ({ request }) => request.headers.get(field) ?? ''
}
