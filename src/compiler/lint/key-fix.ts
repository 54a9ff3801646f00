import { misspeltName, type WordFix } from '../../domain/index.ts'

/** The correction of a misspelt key: there is one key that it, and no other of the object, can be a slip of. */
export function keyFix(
  key: string,
  known: readonly string[],
  value: Readonly<Record<string, unknown>>,
): WordFix | undefined {
  const to = misspeltName(key, known)
  if (to === undefined) return undefined
  // The key itself, where it is there, is one of those that are near.
  const rivals = Object.keys(value).filter((other) => other === to || misspeltName(other, known) === to)
  return rivals.length === 1 ? { from: key, to } : undefined
}
