import { isObject } from './json.ts'

/**
 * Parses JSON (RFC 8259) as `JSON.parse` should: V8 13 takes a key that holds an escape for another one, of an object
 * parsed before, if that begins as the key is written (`{"\u0061":1}` is read as `{"\\":1}` once `{"\\":0}` was). A key
 * that is wrong holds a backslash, so that few texts are read again.
 *
 * @throws {SyntaxError} where the text is no JSON.
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  return text.includes('\\') && holdsOddKey(value) ? readAgain(text) : value
}

function holdsOddKey(root: unknown): boolean {
  const pending = [root]
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null) continue
    if (isObject(value) && Object.keys(value).some((key) => key.includes('\\'))) return true
    for (const child of Object.values(value)) if (typeof child === 'object') pending.push(child)
  }
  return false
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}]|[^\s[\]{},:"]+/g

interface Open {
  readonly container: unknown[] | object
  key: string | undefined
}

/** Reads a text that is JSON token by token; the parser reads single texts and numbers as they are. */
function readAgain(text: string): unknown {
  const open: Open[] = []
  let whole: unknown
  const put = (value: unknown): void => {
    const around = open.at(-1)
    if (around === undefined) whole = value
    else if (Array.isArray(around.container)) around.container.push(value)
    else {
      // Also where the key is `__proto__`.
      const descriptor = { value, writable: true, enumerable: true, configurable: true }
      Object.defineProperty(around.container, around.key as string, descriptor)
      around.key = undefined
    }
  }
  for (const [token] of text.matchAll(TOKEN)) {
    const around = open.at(-1)
    if (token === '}' || token === ']') open.pop()
    else if (token === '{' || token === '[') {
      const container = token === '{' ? {} : []
      put(container)
      open.push({ container, key: undefined })
    } else if (around !== undefined && isObject(around.container) && around.key === undefined)
      around.key = JSON.parse(token) as string
    else put(JSON.parse(token))
  }
  return whole
}
