import { formatPointer } from '../../domain/index.ts'

export interface UnsafeNumber {
  readonly pointer: string
  readonly value: number
}

export function isHeldExactly(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER
}

/** Nearly no text has a number that long. */
export function mayHaveUnsafeNumbers(text: string): boolean {
  return SUSPICIOUS.test(text)
}

const SUSPICIOUS = /\d{16}|\d[eE]\+?\d{2}|\.inf|\.nan|0x[\da-f]{13}|0o[0-7]{17}/i

/** The numbers of a document that JavaScript cannot hold exactly (RFC 8259 §6) or JSON cannot hold at all. */
export function findUnsafeNumbers(root: unknown): readonly UnsafeNumber[] {
  const found: UnsafeNumber[] = []
  const seen = new Set<object>()
  const path: string[] = []
  const look = (value: unknown): void => {
    if (typeof value === 'number') {
      if (!isHeldExactly(value)) found.push({ pointer: formatPointer(path), value })
    } else if (typeof value === 'object' && value !== null && !seen.has(value)) {
      seen.add(value)
      for (const [key, child] of Object.entries(value)) {
        path.push(key)
        look(child)
        path.pop()
      }
    }
  }
  look(root)
  return found
}
