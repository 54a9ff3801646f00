import type { JsonObject } from '../../domain/index.ts'
import { addressSet, clientAddressReader } from './client-address.ts'
import type { BuiltMiddleware } from './middleware.ts'
import { refusalOf } from './refusal.ts'

/** Lets in or refuses by the address of the client; what denies goes before what allows. */
export function createIpRestriction(config: JsonObject): BuiltMiddleware {
  const addressOf = clientAddressReader(config['trusted_proxies'] as readonly string[])
  const isDenied = addressSet((config['deny'] ?? []) as readonly string[], 'deny')
  const allow = config['allow'] as readonly string[] | undefined
  const isAllowed = allow === undefined ? () => true : addressSet(allow, 'allow')
  const refuse = refusalOf('forbidden', {
    detail: config['message'] as string,
    status: config['status'] as number,
  })
  return {
    handle: (next) => (exchange) => {
      const address = addressOf(exchange)
      if (isDenied(address) || !isAllowed(address)) return refuse(exchange)
      next(exchange)
    },
  }
}
