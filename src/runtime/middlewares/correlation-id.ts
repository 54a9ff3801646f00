import type { JsonObject } from '../../domain/index.ts'
import type { BuiltMiddleware, MiddlewareContext } from './middleware.ts'

const ACCEPTED = /^[A-Za-z0-9._~:/+=-]{1,128}$/

/** Gives a request an id for the service and the client. */
export function createCorrelationId(config: JsonObject, { host }: MiddlewareContext): BuiltMiddleware {
  const name = (config['header_name'] as string).toLowerCase()
  const { generate_if_missing: generates, trust_incoming: trusts, include_in_response: returns } = config
  return {
    handle: (next) => (exchange) => {
      const { headers } = exchange.request
      const given = trusts === true ? headers.get(name) : undefined
      const kept = given !== undefined && ACCEPTED.test(given) ? given : undefined
      const id = kept ?? (generates === true ? host.randomId() : undefined)
      if (id === undefined) headers.remove(name)
      else if (kept === undefined) headers.set(name, id)
      if (id !== undefined && returns === true) {
        exchange.onResponse((response, done) => {
          response.headers.set(name, id)
          done()
        })
      }
      next(exchange)
    },
  }
}
