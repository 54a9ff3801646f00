import type { Guest, HostFunctions } from './guest.ts'

const MAX_QUOTA = 1_000_000

export function limitsAndCache(guest: Guest): HostFunctions {
  return {
    host_rate_limit_check: (pointer: number, length: number, quota: number, windowSeconds: number) => {
      const key = guest.text(pointer, length)
      const [limit, seconds] = [quota >>> 0, windowSeconds >>> 0]
      if (limit === 0 || limit > MAX_QUOTA || seconds === 0) return -1
      return guest.call.keep('rate-limit', JSON.stringify(guest.services.rateLimit(key, limit, seconds)))
    },
    host_rate_limit_read_result: (pointer: number, capacity: number) =>
      guest.deliver(guest.call.take('rate-limit'), pointer, capacity),
    host_cache_get: (pointer: number, length: number) => {
      const entry = guest.services.cacheGet(guest.text(pointer, length))
      const answer = entry === undefined ? '{"hit":false}' : `{"hit":true,"entry":${entry}}`
      return guest.call.keep('cache', answer)
    },
    host_cache_set: (
      ...[key, keyLength, entry, entryLength, ttl]: [number, number, number, number, number]
    ) => {
      const name = guest.text(key, keyLength)
      const value = guest.json(entry, entryLength)
      if (value === undefined) return -1
      return guest.services.cacheSet(name, JSON.stringify(value), ttl >>> 0) ? 0 : -1
    },
    host_cache_read_result: (pointer: number, capacity: number) =>
      guest.deliver(guest.call.take('cache'), pointer, capacity),
  }
}
