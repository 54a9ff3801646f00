import type { Automaton } from './automaton.ts'
import type { CharSet } from './char-set.ts'
import { componentsOf } from '../../domain/index.ts'

/** Where this many steps do not decide, the answer is undefined. */
const MAX_STEPS = 1_000_000

interface Graph {
  readonly size: number
  readonly next: readonly (readonly number[])[]
  /** Positions that lead to each other. */
  readonly component: readonly number[]
  /** The characters of each position as bits: one for each range that all sets have or do not have as a whole. */
  readonly masks: readonly bigint[]
}

function graphOf({ sets, next }: Automaton): Graph {
  const targets = next.map((ways) => [...ways.keys()])
  const component = componentsOf(sets.length, (node) => targets[node] ?? [])
  return { size: sets.length, next: targets, component, masks: masksOf(sets) }
}

function masksOf(sets: readonly CharSet[]): readonly bigint[] {
  const starts = new Set(sets.flatMap((set) => set.flatMap(([first, last]) => [first, last + 1])))
  const points = [...starts].toSorted((a, b) => a - b)
  const bits = points.map((point, index) => ({ point, bit: 1n << BigInt(index) }))
  return sets.map((set) => {
    const has = (point: number): boolean => set.some(([first, last]) => point >= first && point <= last)
    return bits.reduce((mask, { point, bit }) => (has(point) ? mask | bit : mask), 0n)
  })
}

/**
 * True where one text leads from a position back to it in two ways: each time that the text is repeated doubles the
 * ways (EDA of Weber and Seidl 1991), and a match that fails at the end tries them all.
 */
export function isExponential(automaton: Automaton): boolean | undefined {
  const graph = graphOf(automaton)
  const { size, component, masks } = graph
  const isTwice = automaton.next.some((ways, from) =>
    [...ways].some(([to, number]) => number === 2 && component[from] === component[to] && !isSettled(from)),
  )
  if (isTwice) return true
  let steps = 0
  const pairs = componentsOf(size * size, (pair) => {
    const [a, b] = [Math.floor(pair / size), pair % size]
    if (component[a] !== component[b] || steps > MAX_STEPS) return []
    const targets: number[] = []
    for (const p of graph.next[a] ?? []) {
      for (const q of graph.next[b] ?? []) {
        steps += 1
        const isSame = component[p] === component[a] && component[q] === component[a]
        if (isSame && ((masks[p] ?? 0n) & (masks[q] ?? 0n)) !== 0n) targets.push(p * size + q)
      }
    }
    return targets
  })
  if (steps > MAX_STEPS) return undefined
  const together = new Map<number | undefined, number>()
  for (let position = 0; position < size; position += 1) {
    if (!isSettled(position)) together.set(pairs[position * size + position], position)
  }
  return pairs.some((group, pair) => Math.floor(pair / size) !== pair % size && together.has(group))

  function isSettled(position: number): boolean {
    return isLoopSettled(automaton, graph, position)
  }
}

/** True where a match can end within the loop that a position is in: then nothing fails that began the loop. */
function isLoopSettled({ settled }: Automaton, { component }: Graph, position: number): boolean {
  return [...settled].some((end) => component[end] === component[position])
}

/**
 * True where one text can be taken by a loop, by a later loop, and leads from the first to the second: the place at
 * which the match goes over can be anywhere in its repetitions, and all of them are tried (IDA of Weber and Seidl 1991).
 */
export function isPolynomial(automaton: Automaton): boolean | undefined {
  const graph = graphOf(automaton)
  const loops = Array.from({ length: graph.size }, (_, position) => position).filter(
    (position) =>
      (graph.next[position] ?? []).some((to) => graph.component[to] === graph.component[position]) &&
      !isLoopSettled(automaton, graph, position),
  )
  const budget: Budget = { steps: MAX_STEPS }
  const isFound = loops.some((first) =>
    loops.some((second) => first !== second && leadsOver(graph, first, second, budget)),
  )
  return !isFound && budget.steps < 0 ? undefined : isFound
}

interface Budget {
  steps: number
}

type Triple = readonly [first: number, between: number, second: number]

/** Searches from (first, first, second) to (first, second, second) by texts that all three can take. */
function leadsOver(graph: Graph, first: number, second: number, budget: Budget): boolean {
  const seen = new Set<string>()
  const stack: Triple[] = [[first, first, second]]
  for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
    for (const target of nextTriples(graph, state, budget)) {
      const [p, q, r] = target
      if (p === first && q === second && r === second) return true
      const id = target.join()
      if (!seen.has(id)) stack.push(target)
      seen.add(id)
    }
  }
  return false
}

/** One character on, the first and the last within their loops. */
function* nextTriples(
  { next, component, masks }: Graph,
  [a, b, c]: Triple,
  budget: Budget,
): Generator<Triple> {
  const maskOf = (position: number): bigint => masks[position] ?? 0n
  for (const p of next[a] ?? []) {
    if (component[p] !== component[a]) continue
    for (const r of next[c] ?? []) {
      budget.steps -= 1
      if (budget.steps < 0) return
      const common = maskOf(p) & maskOf(r)
      if (component[r] !== component[c] || common === 0n) continue
      budget.steps -= next[b]?.length ?? 0
      for (const q of next[b] ?? []) if ((common & maskOf(q)) !== 0n) yield [p, q, r]
    }
  }
}
