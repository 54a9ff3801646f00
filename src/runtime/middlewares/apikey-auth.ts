import { hash } from 'node:crypto'

import type { JsonObject } from '../../domain/index.ts'
import type { Exchange } from '../pipeline/exchange.ts'
import { identityFields, setIdentity, type IdentityFields } from './identity.ts'
import type { BuiltMiddleware } from './middleware.ts'
import { queryPairs } from './query.ts'
import { refusalOf } from './refusal.ts'

interface KeyEntry {
  readonly key: string
  readonly id: string
  readonly scopes?: readonly string[]
}

const DIGEST = /^sha256:([0-9a-f]{64})$/i
const MAX_KEY_LENGTH = 4096

/** Lets in who knows a key. Keys are looked up by their digests: how long that takes says nothing about them. */
export function createApikeyAuth(config: JsonObject): BuiltMiddleware {
  const byDigest = new Map<string, IdentityFields>()
  for (const { key, id, scopes = [] } of config['keys'] as unknown as readonly KeyEntry[]) {
    const digest = DIGEST.exec(key)?.[1]?.toLowerCase() ?? digestOf(key)
    if (byDigest.has(digest)) throw new RangeError(`/keys: ${id} has the key of another entry`)
    byDigest.set(digest, identityFields({ consumer: id, groups: scopes }))
  }
  const isInQuery = config['key_location'] === 'query'
  const field = (config['header_name'] as string).toLowerCase()
  const take = isInQuery ? queryTaker(config['query_param'] as string) : headerTaker(field)
  const challenge = ['www-authenticate', isInQuery ? 'ApiKey' : `ApiKey header="${field}"`]
  const missing = refusalOf('unauthorized', { detail: 'The request has no key.' }, challenge)
  const wrong = refusalOf('unauthorized', { detail: 'The key is not known.' }, challenge)
  return {
    handle: (next) => (exchange) => {
      const key = take(exchange)
      if (key === undefined || key === '') return missing(exchange)
      const identity = key.length > MAX_KEY_LENGTH ? undefined : byDigest.get(digestOf(key))
      if (identity === undefined) return wrong(exchange)
      setIdentity(exchange.request.headers, identity)
      next(exchange)
    },
  }
}

function digestOf(key: string): string {
  return hash('sha256', key, 'hex')
}

function headerTaker(field: string): (exchange: Exchange) => string | undefined {
  return ({ request: { headers } }) => {
    const key = headers.get(field)
    headers.remove(field)
    return key
  }
}

function queryTaker(parameter: string): (exchange: Exchange) => string | undefined {
  return (exchange) => {
    const pairs = queryPairs(exchange.query)
    const found = pairs.find(({ name }) => name === parameter)
    const kept = pairs.filter(({ name }) => name !== parameter)
    if (found !== undefined) exchange.query = kept.map(({ raw }) => raw).join('&')
    return found?.value
  }
}
