import { isObject, type JsonValue } from '../../../domain/index.ts'
import type { Exchange } from '../../pipeline/exchange.ts'
import { queryPairs } from '../query.ts'
import { compileTemplate } from './template.ts'

/** Reads `remove`, `rename` and `add` of query parameters, which are done in this order. */
export function queryChanges(
  config: JsonValue | undefined,
  captureNames: readonly string[],
): ((exchange: Exchange) => void) | undefined {
  if (!isObject(config)) return undefined
  const remove = new Set((config['remove'] ?? []) as readonly string[])
  const rename = new Map(Object.entries((config['rename'] ?? {}) as Readonly<Record<string, string>>))
  const add = Object.entries((config['add'] ?? {}) as Readonly<Record<string, string>>).map(
    ([name, text]) => [encodeURIComponent(name), compileTemplate(text, captureNames)] as const,
  )
  return (exchange) => {
    const pairs = queryPairs(exchange.query)
      .filter(({ name }) => !remove.has(name))
      .map(({ name, raw }) => {
        const renamed = rename.get(name)
        const equals = raw.indexOf('=')
        return renamed === undefined
          ? raw
          : encodeURIComponent(renamed) + (equals === -1 ? '' : raw.slice(equals))
      })
    for (const [name, template] of add)
      pairs.push(`${name}=${encodeURIComponent(template(exchange).toWellFormed())}`)
    exchange.query = pairs.join('&')
  }
}
