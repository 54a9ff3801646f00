const [PLAIN, CLOSING, ESCAPING, WIDE, REFUSED] = [0, 1, 2, 3, 4] as const
/** What a byte is within a string (RFC 8259 §7). */
const STRING_BYTES = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 ? REFUSED : byte === 0x22 ? CLOSING : byte === 0x5c ? ESCAPING : byte < 0x80 ? PLAIN : WIDE,
)
const ESCAPES = new Set(Array.from('"\\/bfnrt', (character) => character.charCodeAt(0)))
const ESCAPE_U = 0x75
const [MINUS, POINT, ZERO, EXPONENT] = [0x2d, 0x2e, 0x30, 0x65] as const
/** Integers of this many digits, and fractions of as many in all, are read without rounding twice. */
const EXACT_DIGITS = 15
const POWERS_OF_TEN = Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power)

/**
 * A cursor over bytes that may be JSON (RFC 8259). Each method reads one token at {@link at} and returns false where there
 * is none; whoever gets false gives up.
 */
export class JsonBytes {
  readonly bytes: Buffer
  readonly end: number
  at = 0
  /** Where the string read last begins and ends, without its quotes. */
  stringStart = 0
  stringEnd = 0
  /** True where the string read last has an escape. */
  isEscaped = false
  /** True where the string read last has characters outside of ASCII. */
  isWide = false
  /** True where any string had some: whether they are UTF-8 is not looked at here. */
  holdsWide = false
  /** The number read last. */
  number = 0
  #ascii: string | undefined

  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.end = bytes.length
  }

  /** Leads to the next token, whose first byte it returns; 0 at the end. */
  next(): number {
    const { bytes, end } = this
    let { at } = this
    while (at < end) {
      const byte = bytes[at] as number
      if (byte > 0x20) {
        this.at = at
        return byte
      }
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
      at += 1
    }
    this.at = at
    // Any other control character is no token, as is the end.
    return 0
  }

  /** Reads a string, at its first quote. */
  readString(): boolean {
    const { bytes, end } = this
    let at = this.at + 1
    this.stringStart = at
    this.isEscaped = false
    this.isWide = false
    while (at < end) {
      const kind = STRING_BYTES[bytes[at] as number] as number
      if (kind === PLAIN) at += 1
      else if (kind === CLOSING) {
        this.stringEnd = at
        this.at = at + 1
        return true
      } else if (kind === WIDE) {
        this.isWide = true
        this.holdsWide = true
        at += 1
      } else {
        at = kind === ESCAPING ? this.#behindEscape(at + 1) : -1
        if (at === -1) return false
        this.isEscaped = true
      }
    }
    return false
  }

  #behindEscape(at: number): number {
    const byte = this.bytes[at]
    if (byte === undefined) return -1
    if (byte !== ESCAPE_U) return ESCAPES.has(byte) ? at + 1 : -1
    for (let digit = at + 1; digit < at + 5; digit += 1) {
      if (!isHexDigit(this.bytes[digit])) return -1
    }
    return at + 5
  }

  /** Reads a number, at its sign or first digit, as ECMAScript does. */
  readNumber(): boolean {
    const { bytes, end, at: start } = this
    const integerAt = bytes[start] === MINUS ? start + 1 : start
    this.number = 0
    let at = this.#digits(integerAt)
    const length = at - integerAt
    if (length === 0 || (length > 1 && bytes[integerAt] === ZERO)) return false
    let digits = length
    if (at < end && bytes[at] === POINT) {
      const fractionAt = at + 1
      at = this.#digits(fractionAt)
      if (at === fractionAt) return false
      digits += at - fractionAt
      // A division of two numbers that are exact rounds once, as reading the whole does.
      if (digits <= EXACT_DIGITS) this.number /= POWERS_OF_TEN[at - fractionAt] as number
    }
    const behind = at < end && ((bytes[at] as number) | 0x20) === EXPONENT ? this.#behindExponent(at + 1) : at
    if (behind === -1) return false
    this.at = behind
    if (behind !== at || digits > EXACT_DIGITS) this.number = Number(bytes.toString('latin1', start, behind))
    else if (integerAt !== start) this.number = -this.number
    return true
  }

  /** Adds digits to the number; returns where they end. */
  #digits(start: number): number {
    const { bytes, end } = this
    let { number } = this
    let at = start
    while (at < end && isDigit(bytes[at] as number)) {
      number = number * 10 + (bytes[at] as number) - ZERO
      at += 1
    }
    this.number = number
    return at
  }

  #behindExponent(at: number): number {
    const { bytes, end } = this
    const sign = bytes[at]
    const digitsAt = sign === 0x2b || sign === 0x2d ? at + 1 : at
    let behind = digitsAt
    while (behind < end && isDigit(bytes[behind] as number)) behind += 1
    return behind === digitsAt ? -1 : behind
  }

  /** Reads `true`, `false` or `null`. */
  readWord(word: Buffer): boolean {
    const { bytes, at } = this
    for (let index = 0; index < word.length; index += 1) {
      if (bytes[at + index] !== word[index]) return false
    }
    this.at = at + word.length
    return true
  }

  /** The string read last, which has no escape. */
  text(): string {
    const { stringStart, stringEnd } = this
    if (this.isWide) return this.bytes.toString('utf8', stringStart, stringEnd)
    // One text for all: a part of it is made without a call into Node.
    return (this.#ascii ??= this.bytes.toString('latin1')).slice(stringStart, stringEnd)
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isHexDigit(byte: number | undefined): boolean {
  if (byte === undefined) return false
  const lower = byte | 0x20
  return isDigit(byte) || (lower >= 0x61 && lower <= 0x66)
}
