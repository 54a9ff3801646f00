/**
 * The name that the user may have meant: the one with the fewest edits (optimal string alignment: insert, delete,
 * replace, swap neighbours), without regard to case, if they are at most a third of the word.
 */
export function closestName(word: string, names: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase().slice(0, MAX_LENGTH)
  let closest: string | undefined
  let fewest = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) >= fewest) continue
    const edits = editDistance(wanted, name.toLowerCase())
    if (edits < fewest) {
      closest = name
      fewest = edits
    }
  }
  return closest
}

/** What to tell of a name that is unknown: the one that may be meant, else another sentence. */
export function didYouMean(word: string, names: Iterable<string>, otherwise: string): string {
  const meant = closestName(word, names)
  return meant === undefined ? otherwise : `Did you mean \`${meant}\`?`
}

/** The only name that a word can be a slip of: one edit away, or two in a word of eight letters and more. */
export function misspeltName(word: string, names: readonly string[]): string | undefined {
  const limit = word.length < 8 ? 1 : 2
  if (word.length > MAX_LENGTH) return undefined
  const near = names.filter((name) => editDistance(word.toLowerCase(), name.toLowerCase()) <= limit)
  return near.length === 1 ? near[0] : undefined
}

const MAX_LENGTH = 64

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1]
      let edits = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      )
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (isSwap) edits = Math.min(edits, (beforeLast[column - 2] ?? 0) + 1)
      current.push(edits)
    }
    beforeLast = last
    last = current
  }
  return last[b.length] ?? 0
}
