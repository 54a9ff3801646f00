import { isObject, type JsonObject } from '../../domain/index.ts'
import { consumerOf, groupsOf } from './identity.ts'
import type { BuiltMiddleware } from './middleware.ts'
import { refusalOf } from './refusal.ts'

/** Lets in consumers by name and group; what denies goes before what allows. */
export function createAcl(config: JsonObject): BuiltMiddleware {
  const setOf = (key: string): ReadonlySet<string> => new Set((config[key] ?? []) as readonly string[])
  const [allow, deny] = [setOf('allow'), setOf('deny')]
  const [allowConsumers, denyConsumers] = [setOf('allow_consumers'), setOf('deny_consumers')]
  const further = new Map(
    Object.entries(isObject(config['consumer_groups']) ? config['consumer_groups'] : {}),
  ) as ReadonlyMap<string, readonly string[]>
  const detail = config['message'] as string
  const refuse = refusalOf('forbidden', { detail })
  const refuseStranger = refusalOf('forbidden', { detail: 'The request has no consumer.' })
  const hidesName = config['hide_consumer_in_errors'] === true
  const isOpen = allow.size === 0 && allowConsumers.size === 0
  const isLetIn = (consumer: string, groups: readonly string[]): boolean => {
    if (denyConsumers.has(consumer) || groups.some((group) => deny.has(group))) return false
    return isOpen || allowConsumers.has(consumer) || groups.some((group) => allow.has(group))
  }
  return {
    handle: (next) => (exchange) => {
      const { headers } = exchange.request
      const consumer = consumerOf(headers)
      if (consumer === undefined || consumer === '') return refuseStranger(exchange)
      const own = groupsOf(headers)
      const more = further.get(consumer)
      if (isLetIn(consumer, more === undefined ? own : [...own, ...more])) return next(exchange)
      if (hidesName) return refuse(exchange)
      exchange.problem('forbidden', { detail, consumer })
    },
  }
}
