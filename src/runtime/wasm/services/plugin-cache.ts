import { LRUCache } from 'lru-cache'

export interface PluginCacheLimits {
  readonly maxEntries: number
  readonly maxBytes: number
}

const LIMITS: PluginCacheLimits = { maxEntries: 10_000, maxBytes: 64 * 1024 * 1024 }

/** What plugins keep from one request for others: JSON by key, with a time to live. */
export interface PluginCache {
  readonly get: (key: string) => string | undefined
  /** False where the entry alone is larger than an eighth of the cache, or would never be seen. */
  readonly set: (key: string, json: string, ttlSeconds: number) => boolean
}

export function createPluginCache(
  monotonicMs: () => number,
  limits: PluginCacheLimits = LIMITS,
): PluginCache {
  const entries = new LRUCache<string, string>({
    max: limits.maxEntries,
    maxSize: limits.maxBytes,
    maxEntrySize: limits.maxBytes / 8,
    sizeCalculation: (json, key) => (json.length + key.length) * 2 + 1,
    ttlResolution: 0,
    perf: { now: monotonicMs },
  })
  return {
    get: (key) => entries.get(key),
    set: (key, json, ttlSeconds) => {
      if (ttlSeconds === 0) return false
      entries.set(key, json, { ttl: ttlSeconds * 1000 })
      return entries.has(key)
    },
  }
}
