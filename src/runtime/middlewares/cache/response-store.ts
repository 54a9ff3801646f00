import type { Fields } from '../../http/index.ts'
import { sizeBytes, type StoredResponse } from './stored-response.ts'

const MAX_VARIANTS = 32
const KEY_BYTES = 128

/** Answers by their addresses, in memory up to a size; the address that was not asked for the longest goes first. */
export class ResponseStore {
  readonly #byKey = new Map<string, readonly StoredResponse[]>()
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The answer that was selected by the same request fields (RFC 9111 §4.1). */
  find(key: string, headers: Fields): StoredResponse | undefined {
    const variants = this.#byKey.get(key)
    if (variants === undefined) return undefined
    // What was asked for last stands last.
    this.#byKey.delete(key)
    this.#byKey.set(key, variants)
    return variants.find(({ vary }) => vary.every(([name, value]) => selectingValue(headers, name) === value))
  }

  /** Keeps an answer in place of the one that the same request fields select. */
  put(key: string, stored: StoredResponse): void {
    const before = this.#byKey.get(key) ?? []
    const others = before.filter(({ vary }) => JSON.stringify(vary) !== JSON.stringify(stored.vary))
    this.remove(key)
    const variants = [stored, ...others].slice(0, MAX_VARIANTS)
    this.#byKey.set(key, variants)
    this.#bytes += weigh(key, variants)
    for (const oldest of this.#byKey.keys()) {
      if (this.#bytes <= this.#maxBytes) return
      this.remove(oldest)
    }
  }

  /** Forgets what is kept of an address. */
  remove(key: string): void {
    const variants = this.#byKey.get(key)
    if (variants === undefined) return
    this.#bytes -= weigh(key, variants)
    this.#byKey.delete(key)
  }

  get bytes(): number {
    return this.#bytes
  }
}

/** The value of a request field that an answer depends on; several of one name as one, white space aside. */
export function selectingValue(headers: Fields, name: string): string | null {
  if (!headers.has(name)) return null
  const values = headers.values(name)
  return values.map((value) => value.replaceAll(/\s*,\s*/g, ',').trim()).join(',')
}

function weigh(key: string, variants: readonly StoredResponse[]): number {
  return variants.reduce((sum, stored) => sum + sizeBytes(stored), KEY_BYTES + 2 * key.length)
}
