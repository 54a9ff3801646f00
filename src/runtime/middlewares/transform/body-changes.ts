import { isObject, parseJson, type JsonValue } from '../../../domain/index.ts'

/** Changes a JSON document; undefined where the bytes are none. */
export type BodyChanges = (bytes: Buffer, replace: (value: JsonValue) => JsonValue) => Buffer | undefined

type Container = Record<string, JsonValue> | JsonValue[]

const MAX_DEPTH = 64

/** Reads `remove`, `rename` and `add` by JSON Pointer (RFC 6901), which are done in this order. */
export function bodyChanges(config: JsonValue | undefined): BodyChanges | undefined {
  if (!isObject(config)) return undefined
  const remove = ((config['remove'] ?? []) as readonly string[]).map(tokensOf)
  const rename = Object.entries((config['rename'] ?? {}) as Readonly<Record<string, string>>).map(
    ([from, to]) => [tokensOf(from), tokensOf(to)] as const,
  )
  const add = Object.entries((config['add'] ?? {}) as Readonly<Record<string, JsonValue>>).map(
    ([pointer, value]) => [tokensOf(pointer), value] as const,
  )
  return (bytes, replace) => {
    const document = parse(bytes)
    if (document === undefined) return undefined
    for (const tokens of remove) take(document, tokens)
    for (const [from, to] of rename) {
      const value = take(document, from)
      if (value !== undefined) put(document, to, value)
    }
    for (const [tokens, value] of add) put(document, tokens, replace(value))
    return Buffer.from(JSON.stringify(document))
  }
}

function parse(bytes: Buffer): Container | undefined {
  try {
    const document = parseJson(bytes.toString())
    return isContainer(document) ? document : undefined
  } catch (error) {
    // What is no JSON passes as it is.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function tokensOf(pointer: string): readonly string[] {
  const tokens = pointer.split('/').slice(1)
  if (tokens.length > MAX_DEPTH) throw new RangeError(`/body: ${pointer} is deeper than ${MAX_DEPTH}`)
  return tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Removes and returns the value at a place, where there is one. */
function take(document: Container, tokens: readonly string[]): JsonValue | undefined {
  let container: Container | undefined = document
  for (const token of tokens.slice(0, -1)) container = childOf(container, token)
  const last = tokens.at(-1) as string
  if (container === undefined) return undefined
  if (Array.isArray(container)) {
    return isIndex(last) && Number(last) < container.length ? container.splice(Number(last), 1)[0] : undefined
  }
  if (!Object.hasOwn(container, last)) return undefined
  const value = container[last]
  delete container[last]
  return value
}

/** Puts a value at a place; objects on the way are made, `-` adds to a list. */
function put(document: Container, tokens: readonly string[], value: JsonValue): void {
  let container: Container = document
  for (const token of tokens.slice(0, -1)) {
    const child = childOf(container, token)
    if (child !== undefined) {
      container = child
      continue
    }
    // A place below a text or a number, or in a list that is not there, is nowhere.
    if (Array.isArray(container) || Object.hasOwn(container, token)) return
    const made = {}
    define(container, token, made)
    container = made
  }
  const last = tokens.at(-1) as string
  if (!Array.isArray(container)) return define(container, last, value)
  if (last === '-') container.push(value)
  else if (isIndex(last) && Number(last) <= container.length) container.splice(Number(last), 0, value)
}

/** A member of any name, `__proto__` too, without touching prototypes. */
function define(container: Record<string, JsonValue>, name: string, value: JsonValue): void {
  Object.defineProperty(container, name, { value, enumerable: true, configurable: true, writable: true })
}

function childOf(container: Container | undefined, token: string): Container | undefined {
  if (container === undefined) return undefined
  const child = Array.isArray(container)
    ? isIndex(token)
      ? container[Number(token)]
      : undefined
    : Object.hasOwn(container, token)
      ? container[token]
      : undefined
  return isContainer(child) ? child : undefined
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null
}

function isIndex(token: string): boolean {
  return /^(0|[1-9]\d{0,8})$/.test(token)
}
