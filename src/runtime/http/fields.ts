import { Known, knownField, knownName, spells, type FieldSet, type KnownField } from './known-field.ts'

/** Names and values by turns: order, case and repetitions kept. */
export type RawHeaders = readonly string[]

/** Numbers for each field in {@link Fields}: which known field it is (-1 once removed), then four offsets. */
const STRIDE = 5
const REMOVED = -1

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
// oxlint-disable-next-line no-control-regex -- what a field value may not hold (RFC 9110 §5.5)
const FORBIDDEN = /[^\t\u0020-\u007e\u0080-\u00ff]/

/** True for a token (RFC 9110 §5.6.2). */
function isFieldName(name: string): boolean {
  return NAME.test(name)
}

/** True for a text that is one field value on the wire: no line end, no NUL, nothing above U+00FF. */
export function isFieldValue(value: string): boolean {
  return !FORBIDDEN.test(value) && !/^[\t ]|[\t ]$/.test(value)
}

/**
 * The header fields of one message. What came off the wire stays one text with the offsets of its fields, so that
 * fields nobody asks for cost nothing and go on as they came; what is set later is kept beside it.
 *
 * Names are asked for in lower case; values are texts of characters up to U+00FF (RFC 9110 §5.5).
 */
export class Fields {
  readonly #text: string
  readonly #spans: number[]
  /** The known fields that came off the wire, removed ones too. */
  readonly #received: FieldSet
  #isChanged = false
  #added: string[] | undefined

  /**
   * @param text the head of a message; each field ends by CRLF
   * @param spans for each field its number among the known ones, start and end of the name, start and end of the value, and
   * the line begins at the start of the name
   * @param received the known fields among them
   */
  constructor(text: string, spans: number[], received: FieldSet) {
    this.#text = text
    this.#spans = spans
    this.#received = received
  }

  /**
   * Fields from names and values by turns.
   *
   * @throws {TypeError} for a name or a value that HTTP does not allow.
   */
  static of(pairs: RawHeaders): Fields {
    const fields = new Fields('', [], 0)
    for (let index = 0; index < pairs.length; index += 2) {
      fields.append(pairs[index] as string, pairs[index + 1] as string)
    }
    return fields
  }

  /** Fields that an engine has read, and whose names and values are therefore allowed. */
  static received(pairs: RawHeaders): Fields {
    const spans: number[] = []
    let text = ''
    let received: FieldSet = 0
    for (let index = 0; index < pairs.length; index += 2) {
      const [name, value] = [pairs[index] as string, pairs[index + 1] as string]
      const start = text.length
      const valueStart = start + name.length + 2
      const id = knownField(name, 0, name.length)
      received |= 1 << id
      spans.push(id, start, start + name.length, valueStart, valueStart + value.length)
      text += `${name}: ${value}\r\n`
    }
    return new Fields(text, spans, received)
  }

  /** The first value. */
  get(name: string): string | undefined {
    const id = knownField(name, 0, name.length)
    if (id !== Known.other) return this.getKnown(id)
    return this.#receivedOther(name) ?? (this.#added === undefined ? undefined : this.#addedValue(name))
  }

  /** The first value of a known field, as {@link get} for what is asked of every message. */
  getKnown(id: KnownField): string | undefined {
    if ((this.#received & (1 << id)) !== 0) {
      const spans = this.#spans
      for (let at = 0; at < spans.length; at += STRIDE) {
        if (spans[at] === id) return this.#text.slice(spans[at + 3], spans[at + 4])
      }
    }
    return this.#added === undefined ? undefined : this.#addedValue(knownName(id))
  }

  /** True where there is more than one value of a known field. */
  isRepeated(id: KnownField): boolean {
    if (this.#added !== undefined) return this.values(knownName(id)).length > 1
    let count = 0
    for (let at = 0; at < this.#spans.length; at += STRIDE) if (this.#spans[at] === id) count += 1
    return count > 1
  }

  /** Every value, in order. */
  values(name: string): readonly string[] {
    const values: string[] = []
    const spans = this.#spans
    const id = knownField(name, 0, name.length)
    for (let at = 0; at < spans.length; at += STRIDE) {
      if (id === Known.other ? this.#isNamed(at, name) : spans[at] === id)
        values.push(this.#text.slice(spans[at + 3], spans[at + 4]))
    }
    const added = this.#added ?? []
    for (let index = 0; index < added.length; index += 2) {
      if (isSameName(added[index] as string, name)) values.push(added[index + 1] as string)
    }
    return values
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  /**
   * Replaces every field of this name.
   *
   * @throws {TypeError} for a name or a value that HTTP does not allow.
   */
  set(name: string, value: string): void {
    checkField(name, value)
    this.setKnown(name, value)
  }

  /**
   * Adds a field behind those of the same name.
   *
   * @throws {TypeError} for a name or a value that HTTP does not allow.
   */
  append(name: string, value: string): void {
    checkField(name, value)
    this.appendKnown(name, value)
  }

  /** As {@link set}, where HTTP is known to allow both. */
  setKnown(name: string, value: string): void {
    this.remove(name)
    this.appendKnown(name, value)
  }

  /** As {@link append}, where HTTP is known to allow both. */
  appendKnown(name: string, value: string): void {
    ;(this.#added ??= []).push(name, value)
  }

  remove(name: string): void {
    const lower = name.toLowerCase()
    const spans = this.#spans
    for (let at = 0; at < spans.length; at += STRIDE) {
      if (this.#isNamed(at, lower)) this.#removeAt(at)
    }
    const added = this.#added
    if (added === undefined) return
    this.#added = added.filter((_, index) => !isSameName(added[index - (index % 2)] as string, lower))
  }

  /** Removes every field whose name begins like this (lower case), and says whether there was one. */
  removePrefixed(prefix: string): boolean {
    const spans = this.#spans
    let isRemoved = false
    for (let at = 0; at < spans.length; at += STRIDE) {
      const start = spans[at + 1] as number
      if (spans[at] === REMOVED || (spans[at + 2] as number) - start < prefix.length) continue
      if (!spells(this.#text, start, prefix)) continue
      this.#removeAt(at)
      isRemoved = true
    }
    const added = this.#added
    if (added === undefined) return isRemoved
    this.#added = added.filter((_, index) => !spells(added[index - (index % 2)] as string, 0, prefix))
    return isRemoved || this.#added.length < added.length
  }

  /** Calls for each field, in order. */
  forEach(visit: (name: string, value: string) => void): void {
    const spans = this.#spans
    for (let at = 0; at < spans.length; at += STRIDE) {
      if (spans[at] === REMOVED) continue
      visit(this.#text.slice(spans[at + 1], spans[at + 2]), this.#text.slice(spans[at + 3], spans[at + 4]))
    }
    const added = this.#added ?? []
    for (let index = 0; index < added.length; index += 2) {
      visit(added[index] as string, added[index + 1] as string)
    }
  }

  /** Names and values by turns. */
  pairs(): RawHeaders {
    const pairs: string[] = []
    this.forEach((name, value) => void pairs.push(name, value))
    return pairs
  }

  /**
   * The lines of a message, each ended by CRLF, without the known fields of a set, and without some names (lower case)
   * among those that came off the wire: what this program has set, a peer cannot name away. Fields that follow each
   * other unchanged are one slice of the text they came in.
   */
  lines(dropped: FieldSet, alsoDropped: ReadonlySet<string> | undefined): string {
    const spans = this.#spans
    const isWhole = (this.#received & dropped) === 0 && !this.#isChanged && alsoDropped === undefined
    const lines = isWhole ? this.#text.slice(spans[1] ?? 0) : this.#keptLines(dropped, alsoDropped)
    return this.#added === undefined ? lines : lines + this.#addedLines(dropped)
  }

  #keptLines(dropped: FieldSet, alsoDropped: ReadonlySet<string> | undefined): string {
    const text = this.#text
    const spans = this.#spans
    let lines = ''
    let runStart = -1
    for (let at = 0; at < spans.length; at += STRIDE) {
      const id = spans[at] as number
      const isDropped = id === REMOVED || (dropped & (1 << id)) !== 0
      if (!isDropped && (alsoDropped === undefined || !this.#isAmong(at, alsoDropped))) {
        if (runStart === -1) runStart = spans[at + 1] as number
      } else if (runStart !== -1) {
        lines += text.slice(runStart, spans[at + 1])
        runStart = -1
      }
    }
    return runStart === -1 ? lines : lines + text.slice(runStart)
  }

  #addedLines(dropped: FieldSet): string {
    const added = this.#added as string[]
    let lines = ''
    for (let index = 0; index < added.length; index += 2) {
      const name = added[index] as string
      if ((dropped & (1 << knownField(name, 0, name.length))) !== 0) continue
      lines += `${name}: ${added[index + 1]}\r\n`
    }
    return lines
  }

  #removeAt(at: number): void {
    this.#spans[at] = REMOVED
    this.#isChanged = true
  }

  #addedValue(lowerName: string): string | undefined {
    const added = this.#added as string[]
    for (let index = 0; index < added.length; index += 2) {
      if (isSameName(added[index] as string, lowerName)) return added[index + 1]
    }
    return undefined
  }

  #receivedOther(name: string): string | undefined {
    const spans = this.#spans
    for (let at = 0; at < spans.length; at += STRIDE) {
      if (this.#isNamed(at, name)) return this.#text.slice(spans[at + 3], spans[at + 4])
    }
    return undefined
  }

  #isAmong(at: number, names: ReadonlySet<string>): boolean {
    return names.has(this.#text.slice(this.#spans[at + 1], this.#spans[at + 2]).toLowerCase())
  }

  #isNamed(at: number, lowerName: string): boolean {
    const spans = this.#spans
    const start = spans[at + 1] as number
    if ((spans[at + 2] as number) - start !== lowerName.length || spans[at] === REMOVED) return false
    if ((this.#text.charCodeAt(start) | 0x20) !== (lowerName.charCodeAt(0) | 0x20)) return false
    return this.#text.slice(start, spans[at + 2]).toLowerCase() === lowerName
  }
}

/** The lines of names and values by turns. @throws {TypeError} for what HTTP does not allow. */
export function fieldLines(pairs: RawHeaders): string {
  let lines = ''
  for (let index = 0; index < pairs.length; index += 2) {
    const [name, value] = [pairs[index] as string, pairs[index + 1] as string]
    checkField(name, value)
    lines += `${name}: ${value}\r\n`
  }
  return lines
}

function checkField(name: string, value: string): void {
  if (!isFieldName(name)) throw new TypeError(`${JSON.stringify(name)} is not the name of a header field`)
  if (!isFieldValue(value))
    throw new TypeError(`the value of the header field ${name} is not allowed in HTTP`)
}

function isSameName(name: string, lowerName: string): boolean {
  return name.length === lowerName.length && (name === lowerName || name.toLowerCase() === lowerName)
}
