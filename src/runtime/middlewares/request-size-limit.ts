import type { JsonObject } from '../../domain/index.ts'
import type { BuiltMiddleware } from './middleware.ts'

/** Refuses bodies over a size: by their announced length, or as they arrive. */
export function createRequestSizeLimit(config: JsonObject): BuiltMiddleware {
  const maxBytes = config['max_bytes'] as number
  const checksLength = config['check_content_length'] === true
  return {
    handle: (next) => (exchange) => {
      exchange.maxBodyBytes = Math.min(exchange.maxBodyBytes, maxBytes)
      if (checksLength && exchange.request.contentLength > maxBytes) return exchange.refuseBody()
      next(exchange)
    },
  }
}
