import type { JsonObject } from '../../../domain/index.ts'
import type { IdentityFields } from '../identity.ts'

/** A token whose signature was right. */
export interface VerifiedToken {
  readonly identity: IdentityFields
  readonly claims: JsonObject
  /** When it ends, in seconds since the Unix epoch, the clock skew added. */
  readonly untilSeconds: number
}

const MAX_TOKEN_LENGTH = 4096

/** Tokens that were verified, by their text; the one that is kept the longest goes first. */
export class TokenCache {
  readonly #tokens = new Map<string, VerifiedToken>()
  readonly #maxTokens: number
  #generation = 0

  constructor(maxTokens: number) {
    this.#maxTokens = maxTokens
  }

  /** A token that is still valid and was verified by the present keys. */
  get(token: string, nowSeconds: number, generation: number): VerifiedToken | undefined {
    if (generation !== this.#generation) {
      this.#tokens.clear()
      this.#generation = generation
    }
    const known = this.#tokens.get(token)
    if (known === undefined) return undefined
    if (known.untilSeconds > nowSeconds) return known
    this.#tokens.delete(token)
    return undefined
  }

  set(token: string, verified: VerifiedToken, generation: number): void {
    if (this.#maxTokens === 0 || token.length > MAX_TOKEN_LENGTH || generation !== this.#generation) return
    if (this.#tokens.size >= this.#maxTokens) {
      const [oldest] = this.#tokens.keys()
      if (oldest !== undefined) this.#tokens.delete(oldest)
    }
    this.#tokens.set(token, verified)
  }

  get size(): number {
    return this.#tokens.size
  }
}
