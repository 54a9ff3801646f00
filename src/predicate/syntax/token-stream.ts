import { scanTokens } from './scan-tokens.ts'
import { PredicateSyntaxError } from './syntax-error.ts'
import type { Token } from './token.ts'

/** The words of an expression, one after the other. */
export class TokenStream {
  readonly #tokens: readonly Token[]
  #position = 0

  constructor(source: string) {
    this.#tokens = scanTokens(source)
  }

  get next(): Token {
    return this.#tokens[this.#position] as Token
  }

  take(): Token {
    const token = this.next
    if (token.kind !== 'end') this.#position += 1
    return token
  }

  /** True where the next word is this sign. */
  isAt(sign: string): boolean {
    return this.next.kind === 'sign' && this.next.text === sign
  }

  /** Takes the sign where it is next. */
  skip(sign: string): boolean {
    const found = this.isAt(sign)
    if (found) this.#position += 1
    return found
  }

  expect(sign: string): Token {
    return this.isAt(sign) ? this.take() : this.fail(`\`${sign}\``)
  }

  /** @throws {PredicateSyntaxError} */
  fail(expected: string): never {
    const { kind, text, start } = this.next
    const found = kind === 'end' ? 'the end of the expression' : `\`${text}\``
    throw new PredicateSyntaxError(`unexpected ${found}`, start, `Expected here: ${expected}.`)
  }
}
