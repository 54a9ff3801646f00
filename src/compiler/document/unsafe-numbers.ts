import { formatPointer } from '../../domain/index.ts'

export interface UnsafeNumber {
  readonly pointer: string
  readonly value: number
}

/**
 * The numbers of a document that JavaScript cannot hold exactly (RFC 8259 §6) or JSON cannot hold at all. The text
 * is looked at first because nearly no document has a number that long.
 */
export function findUnsafeNumbers(root: unknown, text: string): readonly UnsafeNumber[] {
  if (!SUSPICIOUS.test(text)) return []
  const found: UnsafeNumber[] = []
  const seen = new Set<object>()
  const tokens: string[] = []
  const look = (value: unknown): void => {
    if (typeof value === 'number') {
      const isExact = Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER
      if (!isExact) found.push({ pointer: formatPointer(tokens), value })
    } else if (typeof value === 'object' && value !== null && !seen.has(value)) {
      seen.add(value)
      for (const [key, child] of Object.entries(value)) {
        tokens.push(key)
        look(child)
        tokens.pop()
      }
    }
  }
  look(root)
  return found
}

const SUSPICIOUS = /\d{16}|\d[eE]\+?\d{2}|\.inf|\.nan|0x[\da-f]{13}|0o[0-7]{17}/i
