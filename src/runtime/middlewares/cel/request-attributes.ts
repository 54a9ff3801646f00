import { parseJson } from '../../../domain/index.ts'
import {
  MapValue,
  Timestamp,
  type Accessors,
  type MapKey,
  type requestAttributes,
  type Value,
} from '../../../predicate/index.ts'
import type { Fields } from '../../http/index.ts'
import type { Exchange } from '../../pipeline/exchange.ts'
import { consumerOf, groupsOf } from '../identity.ts'
import { queryPairs } from '../query.ts'

/** What a predicate about a request is evaluated on. */
export interface RequestSubject {
  readonly exchange: Exchange
  readonly clientAddress: string
  readonly captureNames: readonly string[]
  readonly nowMs: number
}

/** How the attributes of a request are read; nothing is read that an expression does not mention. */
export const requestAccessors: Accessors<typeof requestAttributes, RequestSubject> = {
  'request.method': ({ exchange }) => exchange.request.method,
  'request.path': ({ exchange }) => exchange.request.path,
  'request.query': ({ exchange }) => queryMap(exchange.request.query),
  'request.headers': ({ exchange }) => new HeaderMap(exchange.request.headers),
  'request.path_params': ({ exchange, captureNames }) => pathParameters(exchange, captureNames),
  'request.client_ip': ({ clientAddress }) => clientAddress,
  'request.consumer': ({ exchange }) => consumerOf(exchange.request.headers),
  'request.groups': ({ exchange }) => groupsOf(exchange.request.headers),
  'request.claims': ({ exchange }) => exchange.claims,
  'request.body': ({ exchange }) => jsonBody(exchange),
  context: ({ exchange }) => Object.fromEntries(exchange.context),
  now: ({ nowMs }) => new Timestamp(BigInt(Math.trunc(nowMs)) * 1_000_000n),
}

/** The header fields by their lower-case names; several of one name are joined as RFC 9110 §5.3 has it. */
class HeaderMap extends MapValue {
  readonly #headers: Fields
  #names: readonly string[] | undefined

  constructor(headers: Fields) {
    super()
    this.#headers = headers
  }

  get size(): number {
    return this.#list().length
  }

  get(key: MapKey): Value | undefined {
    if (typeof key !== 'string' || key !== key.toLowerCase()) return undefined
    const values = this.#headers.values(key)
    return values.length === 0 ? undefined : values.join(', ')
  }

  keys(): Iterable<Value> {
    return this.#list()
  }

  #list(): readonly string[] {
    if (this.#names === undefined) {
      const names = new Set<string>()
      this.#headers.forEach((name) => names.add(name.toLowerCase()))
      this.#names = [...names]
    }
    return this.#names
  }
}

function queryMap(query: string): Value {
  const map: Record<string, string[]> = Object.create(null)
  for (const { name, value } of queryPairs(query)) (map[name] ??= []).push(value)
  return map
}

function pathParameters({ captures }: Exchange, names: readonly string[]): Value {
  return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(captures[index] ?? '')]))
}

function jsonBody({ body }: Exchange): Value | undefined {
  if (body === null || body.byteLength === 0) return undefined
  try {
    return parseJson(body.toString()) as Value
  } catch (error) {
    // What is no JSON is no attribute; whether it may be none is for the validation to say.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
