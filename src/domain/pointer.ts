/** Joins reference tokens to a JSON Pointer (RFC 6901 §3). */
export function formatPointer(tokens: readonly (string | number)[]): string {
  return tokens.map((token) => `/${escapeToken(token)}`).join('')
}

/** Appends one reference token to a JSON Pointer. */
export function appendPointer(pointer: string, token: string | number): string {
  return `${pointer}/${escapeToken(token)}`
}

/**
 * Splits a JSON Pointer (RFC 6901 §3) into its reference tokens.
 *
 * @throws {SyntaxError} when the text is neither empty nor begins with a slash.
 */
export function parsePointer(pointer: string): readonly string[] {
  if (pointer === '') return []
  if (!pointer.startsWith('/')) throw new SyntaxError(`A JSON Pointer begins with a slash: ${pointer}`)
  return pointer.slice(1).split('/').map(unescapeToken)
}

/** The last reference token of a JSON Pointer; undefined of the pointer to the whole document. */
export function lastToken(pointer: string): string | undefined {
  return pointer === '' ? undefined : unescapeToken(pointer.slice(pointer.lastIndexOf('/') + 1))
}

/** The value a pointer leads to, or undefined where there is none. */
export function resolvePointer(document: unknown, pointer: string): unknown {
  let value = document
  for (const token of parsePointer(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined
    value = (value as Record<string, unknown>)[token]
  }
  return value
}

// Nearly no token has anything to escape, and a walk over a description makes a pointer for every object.
function escapeToken(token: string | number): string {
  if (typeof token === 'number') return String(token)
  for (let index = 0; index < token.length; index++) {
    const unit = token.charCodeAt(index)
    if (unit === SLASH || unit === TILDE) return token.replaceAll('~', '~0').replaceAll('/', '~1')
  }
  return token
}

const SLASH = 0x2f
const TILDE = 0x7e

function unescapeToken(token: string): string {
  return token.includes('~') ? token.replaceAll('~1', '/').replaceAll('~0', '~') : token
}
