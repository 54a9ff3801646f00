import { ANY, type CharSet } from './char-set.ts'
import { lengthOf, type PatternNode } from './syntax-tree.ts'

/** How many ways lead somewhere: none, one, or more than one. */
type Ways = 0 | 1 | 2

/**
 * A pattern as positions, one for each set of characters in it, with the ways that lead from one to the next (Glushkov's
 * construction, with the number of ways kept: backtracking tries each).
 */
export interface Automaton {
  readonly sets: readonly CharSet[]
  readonly next: readonly ReadonlyMap<number, Ways>[]
  /** Positions after which the whole pattern has matched whatever follows: from there nothing is tried again. */
  readonly settled: ReadonlySet<number>
}

/** Larger patterns are not judged. */
const MAX_POSITIONS = 250
/** Copies of a repeated item that stand for any greater number of them. */
const MAX_COPIES = 3

export interface AutomatonOptions {
  /** Where false, a loop over all characters stands in front, as the search tries each place of the text. */
  readonly isAnchored: boolean
  /** Repetitions that can be this many count as endless. */
  readonly endlessFrom: number
}

/** Builds the automaton of a pattern; undefined where it has too many positions. */
export function buildAutomaton(root: PatternNode, options: AutomatonOptions): Automaton | undefined {
  const sets: CharSet[] = []
  const next: Map<number, Ways>[] = []
  const builder: Builder = { sets, next, endlessFrom: options.endlessFrom }
  const search = options.isAnchored ? undefined : loop(setPiece(ANY, builder), builder)
  const body = build(root, builder)
  if (sets.length > MAX_POSITIONS) return undefined
  const whole = search === undefined ? body : append({ ...search, empty: 1 }, body, builder)
  return { sets, next, settled: whole.settled }
}

interface Builder {
  readonly sets: CharSet[]
  readonly next: Map<number, Ways>[]
  readonly endlessFrom: number
}

/** A part of a pattern: how it can be entered, left and passed over. */
interface Piece {
  readonly empty: Ways
  /** Passed over whatever follows, that is without an assertion. */
  readonly isFree: boolean
  readonly first: ReadonlyMap<number, Ways>
  readonly last: ReadonlyMap<number, Ways>
  readonly settled: ReadonlySet<number>
}

const NOTHING: Piece = { empty: 1, isFree: true, first: new Map(), last: new Map(), settled: new Set() }

function build(node: PatternNode, builder: Builder): Piece {
  // Once there are too many the result is thrown away.
  if (builder.sets.length > MAX_POSITIONS) return NOTHING
  switch (node.type) {
    case 'set':
      return setPiece(node.set, builder)
    case 'assertion':
      return { ...NOTHING, isFree: false }
    case 'sequence':
      return node.items.reduce((piece, item) => append(piece, build(item, builder), builder), NOTHING)
    case 'choice':
      return node.options.map((option) => build(option, builder)).reduce(either)
    case 'repeat':
      return repeat(node, builder)
  }
}

function setPiece(set: CharSet, { sets, next }: Builder): Piece {
  const position = sets.push(set) - 1
  next.push(new Map())
  const ends = new Map<number, Ways>([[position, 1]])
  return { empty: 0, isFree: false, first: ends, last: ends, settled: new Set([position]) }
}

function append(a: Piece, b: Piece, builder: Builder): Piece {
  connect(a, b, builder)
  return {
    empty: times(a.empty, b.empty),
    isFree: a.isFree && b.isFree,
    first: union(a.first, scale(b.first, a.empty)),
    last: union(b.last, scale(a.last, b.empty)),
    settled: b.isFree ? both(a.settled, b.settled) : b.settled,
  }
}

function either(a: Piece, b: Piece): Piece {
  return {
    empty: plus(a.empty, b.empty),
    isFree: a.isFree || b.isFree,
    first: union(a.first, b.first),
    last: union(a.last, b.last),
    settled: both(a.settled, b.settled),
  }
}

function optional(piece: Piece): Piece {
  // A repetition that takes nothing is not tried (ECMA-262 §22.2.2.3.1), so that there is one way only.
  return { ...piece, empty: 1, isFree: true }
}

function loop(piece: Piece, builder: Builder): Piece {
  connect(piece, piece, builder)
  return piece
}

function repeat(node: Extract<PatternNode, { type: 'repeat' }>, builder: Builder): Piece {
  const { item, min, max } = node
  if (max === 0) return NOTHING
  // A part of one length can be taken in one way only, however long it is.
  const isEndless = max >= builder.endlessFrom && lengthOf(node) === undefined
  const needed = Math.min(min, MAX_COPIES)
  const more = isEndless ? 0 : Math.min(max - min, MAX_COPIES)
  const parts = Array.from({ length: Math.max(needed, isEndless ? 1 : 0) }, () => build(item, builder))
  const last = parts.at(-1)
  if (isEndless && last !== undefined) parts[parts.length - 1] = loop(last, builder)
  const required = parts.reduce((a, b) => append(a, b, builder), NOTHING)
  if (isEndless) return min === 0 ? optional(required) : required
  let tail: Piece = NOTHING
  for (let copy = 0; copy < more; copy += 1) tail = optional(append(build(item, builder), tail, builder))
  return append(required, tail, builder)
}

function connect(a: Piece, b: Piece, { next }: Builder): void {
  for (const [from, leaving] of a.last) {
    const targets = next[from]
    for (const [to, entering] of b.first) {
      targets?.set(to, plus(targets.get(to) ?? 0, times(leaving, entering)))
    }
  }
}

function union(a: ReadonlyMap<number, Ways>, b: ReadonlyMap<number, Ways>): ReadonlyMap<number, Ways> {
  if (b.size === 0) return a
  const result = new Map(a)
  for (const [position, ways] of b) result.set(position, plus(result.get(position) ?? 0, ways))
  return result
}

function both(a: ReadonlySet<number>, b: ReadonlySet<number>): ReadonlySet<number> {
  return new Set([...a, ...b])
}

function scale(ends: ReadonlyMap<number, Ways>, by: Ways): ReadonlyMap<number, Ways> {
  if (by === 1) return ends
  return new Map(by === 0 ? [] : [...ends].map(([position, ways]) => [position, times(ways, by)]))
}

function plus(a: Ways, b: Ways): Ways {
  return atMostTwo(a + b)
}

function times(a: Ways, b: Ways): Ways {
  return atMostTwo(a * b)
}

function atMostTwo(ways: number): Ways {
  return ways === 0 ? 0 : ways === 1 ? 1 : 2
}
