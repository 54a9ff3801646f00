/** The kinds of a JSON value (RFC 8259 §3). */
export enum Kind {
  Null,
  Boolean,
  Number,
  Text,
  List,
  Object,
}

/** A JSON value. A member that is not there reads as null, so that chains of `get` need no test in between. */
export class Json {
  kind: Kind = Kind.Null
  private flag: bool = false
  /** As it was written, so that large integers stay exact. */
  private literal: string = ''
  private items: Json[] = []
  private names: string[] = []

  static none(): Json {
    return new Json()
  }

  static boolean(value: bool): Json {
    const json = new Json()
    json.kind = Kind.Boolean
    json.flag = value
    return json
  }

  static number(value: f64): Json {
    const json = new Json()
    json.kind = Kind.Number
    json.literal = isFinite(value)
      ? Math.trunc(value) == value && Math.abs(value) < 9007199254740992
        ? (<i64>value).toString()
        : value.toString()
      : 'null'
    return json
  }

  static integer(value: i64): Json {
    const json = new Json()
    json.kind = Kind.Number
    json.literal = value.toString()
    return json
  }

  static text(value: string): Json {
    const json = new Json()
    json.kind = Kind.Text
    json.literal = value
    return json
  }

  static list(): Json {
    const json = new Json()
    json.kind = Kind.List
    return json
  }

  static object(): Json {
    const json = new Json()
    json.kind = Kind.Object
    return json
  }

  /** Reads JSON; what is none traps, and the request is answered with 500. */
  static parse(text: string): Json {
    return new Parser(text).document()
  }

  get isNull(): bool {
    return this.kind == Kind.Null
  }

  asBoolean(otherwise: bool = false): bool {
    return this.kind == Kind.Boolean ? this.flag : otherwise
  }

  asNumber(otherwise: f64 = 0): f64 {
    return this.kind == Kind.Number ? parseFloat(this.literal) : otherwise
  }

  asInteger(otherwise: i64 = 0): i64 {
    return this.kind == Kind.Number ? <i64>parseFloat(this.literal) : otherwise
  }

  asText(otherwise: string = ''): string {
    return this.kind == Kind.Text ? this.literal : otherwise
  }

  /** The number of items or members. */
  get length(): i32 {
    return this.items.length
  }

  at(index: i32): Json {
    return index >= 0 && index < this.items.length ? this.items[index] : Json.none()
  }

  push(item: Json): Json {
    this.items.push(item)
    return this
  }

  /** The names of an object's members, in their order. */
  keys(): string[] {
    return this.names
  }

  has(name: string): bool {
    return this.names.indexOf(name) >= 0
  }

  get(name: string): Json {
    const index = this.names.indexOf(name)
    return index < 0 ? Json.none() : this.items[index]
  }

  set(name: string, value: Json): Json {
    const index = this.names.indexOf(name)
    if (index < 0) {
      this.names.push(name)
      this.items.push(value)
    } else {
      this.items[index] = value
    }
    return this
  }

  remove(name: string): void {
    const index = this.names.indexOf(name)
    if (index < 0) return
    this.names.splice(index, 1)
    this.items.splice(index, 1)
  }

  toString(): string {
    switch (this.kind) {
      case Kind.Boolean:
        return this.flag ? 'true' : 'false'
      case Kind.Number:
        return this.literal
      case Kind.Text:
        return quote(this.literal)
      case Kind.List: {
        const parts = new Array<string>()
        for (let index = 0; index < this.items.length; index++) parts.push(this.items[index].toString())
        return '[' + parts.join(',') + ']'
      }
      case Kind.Object: {
        const parts = new Array<string>()
        for (let index = 0; index < this.items.length; index++) {
          parts.push(quote(this.names[index]) + ':' + this.items[index].toString())
        }
        return '{' + parts.join(',') + '}'
      }
      default:
        return 'null'
    }
  }

  static ofLiteral(literal: string): Json {
    const json = new Json()
    json.kind = Kind.Number
    json.literal = literal
    return json
  }
}

const HEX = '0123456789abcdef'

/** A text as JSON. */
export function quote(text: string): string {
  let out = '"'
  let from = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code >= 0x20 && code != 0x22 && code != 0x5c) continue
    out += text.substring(from, index)
    from = index + 1
    if (code == 0x22) out += '\\"'
    else if (code == 0x5c) out += '\\\\'
    else if (code == 0x0a) out += '\\n'
    else if (code == 0x0d) out += '\\r'
    else if (code == 0x09) out += '\\t'
    else out += '\\u00' + HEX.charAt(code >> 4) + HEX.charAt(code & 15)
  }
  return out + text.substring(from) + '"'
}

const MAX_DEPTH = 128

class Parser {
  private at: i32 = 0
  private depth: i32 = 0

  constructor(private readonly text: string) {}

  document(): Json {
    const value = this.value()
    this.space()
    assert(this.at == this.text.length, 'text behind JSON')
    return value
  }

  private value(): Json {
    assert(++this.depth < MAX_DEPTH, 'JSON is nested too deeply')
    this.space()
    const code = this.peek()
    let value: Json
    if (code == 0x7b) value = this.object()
    else if (code == 0x5b) value = this.list()
    else if (code == 0x22) value = Json.text(this.string())
    else if (code == 0x74) value = this.word('true', Json.boolean(true))
    else if (code == 0x66) value = this.word('false', Json.boolean(false))
    else if (code == 0x6e) value = this.word('null', Json.none())
    else value = this.number()
    this.depth--
    return value
  }

  private object(): Json {
    const object = Json.object()
    this.at++
    if (this.closes(0x7d)) return object
    do {
      this.space()
      assert(this.peek() == 0x22, 'a name is missing in JSON')
      const name = this.string()
      this.expect(0x3a)
      object.set(name, this.value())
    } while (this.continues(0x7d))
    return object
  }

  private list(): Json {
    const list = Json.list()
    this.at++
    if (this.closes(0x5d)) return list
    do list.push(this.value())
    while (this.continues(0x5d))
    return list
  }

  private string(): string {
    let out = ''
    let from = ++this.at
    while (true) {
      assert(this.at < this.text.length, 'a text of JSON does not end')
      const code = this.text.charCodeAt(this.at)
      if (code == 0x22) break
      if (code != 0x5c) {
        this.at++
        continue
      }
      out += this.text.substring(from, this.at) + this.escape()
      from = this.at
    }
    out += this.text.substring(from, this.at)
    this.at++
    return out
  }

  private escape(): string {
    const code = this.text.charCodeAt(this.at + 1)
    this.at += 2
    if (code == 0x6e) return '\n'
    if (code == 0x74) return '\t'
    if (code == 0x72) return '\r'
    if (code == 0x62) return '\b'
    if (code == 0x66) return '\f'
    if (code == 0x75) {
      const unit = <i32>parseInt(this.text.substring(this.at, this.at + 4), 16)
      this.at += 4
      return String.fromCharCode(unit)
    }
    assert(code == 0x22 || code == 0x5c || code == 0x2f, 'an escape of JSON is not known')
    return String.fromCharCode(code)
  }

  private number(): Json {
    const from = this.at
    while (this.at < this.text.length && isNumberCode(this.peek())) this.at++
    assert(this.at > from, 'a value of JSON is missing')
    return Json.ofLiteral(this.text.substring(from, this.at))
  }

  private word(word: string, value: Json): Json {
    assert(this.text.substr(this.at, word.length) == word, 'a word of JSON is not known')
    this.at += word.length
    return value
  }

  private peek(): i32 {
    return this.at < this.text.length ? this.text.charCodeAt(this.at) : -1
  }

  private space(): void {
    while (this.at < this.text.length) {
      const code = this.text.charCodeAt(this.at)
      if (code != 0x20 && code != 0x0a && code != 0x0d && code != 0x09) return
      this.at++
    }
  }

  private expect(code: i32): void {
    this.space()
    assert(this.peek() == code, 'JSON is not well formed')
    this.at++
  }

  private closes(code: i32): bool {
    this.space()
    if (this.peek() != code) return false
    this.at++
    return true
  }

  private continues(end: i32): bool {
    if (this.closes(end)) return false
    this.expect(0x2c)
    return true
  }
}

function isNumberCode(code: i32): bool {
  return (
    (code >= 0x30 && code <= 0x39) ||
    code == 0x2d ||
    code == 0x2b ||
    code == 0x2e ||
    code == 0x65 ||
    code == 0x45
  )
}
