import type { JsonObject } from '../../domain/index.ts'
import type { BuiltMiddleware } from './middleware.ts'

interface Rule {
  readonly path?: string
  readonly prefix?: string
  readonly target: string
  readonly status_code?: number
}

/** Sends clients to another address by the first rule that fits the path. */
export function createRedirect(config: JsonObject): BuiltMiddleware {
  const standard = config['status_code'] as number
  const keepsQuery = config['preserve_query'] === true
  const rules = config['rules'] as unknown as readonly Rule[]
  return {
    handle: (next) => (exchange) => {
      const { path, query } = exchange.request
      for (const rule of rules) {
        const rest = restOf(rule, path)
        if (rest === undefined) continue
        const target = join(rule.target, rest)
        const location = keepsQuery && query !== '' ? withQuery(target, query) : target
        return exchange.send(rule.status_code ?? standard, ['location', location], null)
      }
      next(exchange)
    },
  }
}

/** What follows the part of the path that a rule fits; undefined where it does not fit. */
function restOf({ path: whole, prefix }: Rule, path: string): string | undefined {
  if (whole !== undefined) return path === whole ? '' : undefined
  if (prefix === undefined) return ''
  const base = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix
  if (!path.startsWith(base)) return undefined
  const rest = path.slice(base.length)
  return rest === '' || rest.startsWith('/') ? rest : undefined
}

/** A target that is a path stays one: two slashes would be another host. */
function join(target: string, rest: string): string {
  if (rest === '') return target
  const [, address = '', tail = ''] = /^([^?#]*)(.*)$/.exec(target) ?? []
  const base = address.endsWith('/') ? address.slice(0, -1) : address
  const joined = base === '' ? `/${rest.replace(/^\/+/, '')}` : base + rest
  return joined + tail
}

function withQuery(target: string, query: string): string {
  const [, address = '', fragment = ''] = /^([^#]*)(.*)$/.exec(target) ?? []
  return `${address}${address.includes('?') ? '&' : '?'}${query}${fragment}`
}
