import { isUtf8 } from 'node:buffer'

import { lengthOf } from '../exact/assertions.ts'
import { JsonBytes } from './json-bytes.ts'
import { mix, SEED } from './names.ts'
import type { ListRules, NumberRules, ObjectRules, TextRules, ValueRules } from './rules.ts'

/** What is nested deeper is left to who has a stack for it. */
const MAX_DEPTH = 100
/** Values that several schemas look at are read again; all of them together no more often than this. */
const MAX_READINGS = 8
const [TRUE, FALSE, NULL] = [Buffer.from('true'), Buffer.from('false'), Buffer.from('null')]

/** True where the bytes surely are JSON that satisfies the rules; false where they are not, or it cannot be said. */
export function matches(bytes: Buffer, rules: ValueRules): boolean {
  const json = new JsonBytes(bytes)
  const matcher = new Matcher(json, bytes.length * MAX_READINGS)
  return (
    matcher.value(rules, 0) && json.next() === 0 && json.at === json.end && (!json.holdsWide || isUtf8(bytes))
  )
}

class Matcher {
  readonly #json: JsonBytes
  #leftBytes: number

  constructor(json: JsonBytes, leftBytes: number) {
    this.#json = json
    this.#leftBytes = leftBytes
  }

  /** Reads the value at the cursor; false where it does not match, or cannot be told. */
  value(rules: ValueRules, depth: number): boolean {
    const json = this.#json
    const first = json.next()
    const start = json.at
    if (!this.#plain(rules, first, depth)) return false
    return (rules.all.length === 0 && rules.any.length === 0) || this.#again(rules, start, depth)
  }

  #plain(rules: ValueRules, first: number, depth: number): boolean {
    const json = this.#json
    if (first === 0x22) return rules.text !== undefined && json.readString() && isText(json, rules.text)
    if (first === 0x7b) {
      return rules.object !== undefined && depth < MAX_DEPTH && this.#object(rules.object, depth + 1)
    }
    if (first === 0x5b) {
      return rules.list !== undefined && depth < MAX_DEPTH && this.#list(rules.list, depth + 1)
    }
    return first > 0x60 ? isWord(json, rules, first) : isNumber(json, rules.number)
  }

  /** Reads a value again for each further schema that looks at it. */
  #again({ all, any }: ValueRules, start: number, depth: number): boolean {
    const end = this.#json.at
    // A reference may lead in a circle without leaving the value.
    if (depth >= MAX_DEPTH) return false
    return (
      all.every((rules) => this.#from(start, end, rules, depth + 1)) &&
      any.every((branches) => branches.some((rules) => this.#from(start, end, rules, depth + 1)))
    )
  }

  #from(start: number, end: number, rules: ValueRules, depth: number): boolean {
    this.#leftBytes -= end - start
    if (this.#leftBytes < 0) return false
    this.#json.at = start
    const isMatch = this.value(rules, depth)
    this.#json.at = end
    return isMatch
  }

  #object(rules: ObjectRules, depth: number): boolean {
    const json = this.#json
    json.at += 1
    let missing = rules.required
    let byte = json.next()
    if (byte === 0x7d) {
      json.at += 1
      return missing === 0 && rules.minProperties === 0
    }
    for (let count = 1; count <= rules.maxProperties; count += 1) {
      const start = json.at + 1
      if (byte !== 0x22) return false
      let name = rules.names.at(count - 1, json.bytes, start)
      if (name === undefined) {
        const hash = this.#name(start)
        if (json.at < start) return false
        name = rules.names.find(json.bytes, start, json.at - 1, hash)
      } else json.at = start + name.bytes.length + 1
      const member = name === undefined ? rules.rest : name.rules
      if (member === undefined || json.next() !== 0x3a) return false
      json.at += 1
      if (!this.value(member, depth)) return false
      if (name !== undefined) missing &= ~name.bit
      byte = json.next()
      json.at += 1
      // Of members that are there twice the last one counts; each of them matches.
      if (byte === 0x7d) return missing === 0
      if (byte !== 0x2c) return false
      byte = json.next()
    }
    return false
  }

  /** Reads a name of plain ASCII; the cursor stays where it is at any other. */
  #name(start: number): number {
    const { bytes, end } = this.#json
    let hash = SEED
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] as number
      if (byte === 0x22) {
        this.#json.at = at + 1
        return hash
      }
      if (byte < 0x20 || byte > 0x7e || byte === 0x5c) break
      hash = mix(hash, byte)
    }
    return 0
  }

  #list({ items, minItems, maxItems }: ListRules, depth: number): boolean {
    const json = this.#json
    json.at += 1
    if (json.next() === 0x5d) {
      json.at += 1
      return minItems <= 0
    }
    for (let count = 1; count <= maxItems; count += 1) {
      if (!this.value(items, depth)) return false
      const byte = json.next()
      json.at += 1
      if (byte === 0x5d) return count >= minItems
      if (byte !== 0x2c) return false
    }
    return false
  }
}

function isWord(json: JsonBytes, rules: ValueRules, first: number): boolean {
  if (first === 0x74) return rules.isTrueAccepted && json.readWord(TRUE)
  if (first === 0x66) return rules.isFalseAccepted && json.readWord(FALSE)
  return rules.isNullAccepted && json.readWord(NULL)
}

function isText(json: JsonBytes, rules: TextRules): boolean {
  if (rules.isFree) return true
  if (json.isEscaped) return false
  if (json.isWide) {
    const text = json.text()
    return isWithin(lengthOf(text), rules) && isAllowed(text, rules)
  }
  if (!isWithin(json.stringEnd - json.stringStart, rules)) return false
  return (rules.allowed === undefined && rules.tests.length === 0) || isAllowed(json.text(), rules)
}

function isWithin(length: number, { minLength, maxLength }: TextRules): boolean {
  return length >= minLength && length <= maxLength
}

function isAllowed(text: string, { allowed, tests }: TextRules): boolean {
  if (allowed !== undefined && !allowed.has(text)) return false
  for (const test of tests) if (!test(text)) return false
  return true
}

function isNumber(json: JsonBytes, rules: NumberRules | undefined): boolean {
  if (rules === undefined || !json.readNumber()) return false
  const value = json.number
  const { minimum, maximum, above, below, allowed, tests } = rules
  // What is too large for a number is infinite.
  if (value < minimum || value > maximum || value <= above || value >= below) return false
  if (rules.isInteger && !Number.isInteger(value)) return false
  if (allowed !== undefined && !allowed.has(value)) return false
  for (const test of tests) if (!test(value)) return false
  return true
}
