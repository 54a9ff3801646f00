import { isExponential, isPolynomial } from './ambiguity.ts'
import { buildAutomaton } from './automaton.ts'
import { parsePattern } from './parse-pattern.ts'
import { isAnchored, lookaheads, type PatternNode } from './syntax-tree.ts'

/** How the time that a match can take grows with the length of the text. */
export type Backtracking = 'exponential' | 'polynomial'

/** So many repetitions of two ways each are more than anybody can wait for. */
const EXPONENTIAL_FROM = 20
/** The square of it is what a request may cost. */
const POLYNOMIAL_FROM = 1000

/**
 * Says whether there are texts on which a regular expression (ECMA-262, valid) backtracks out of proportion. It looks
 * for ambiguity in the automaton of the pattern (Weber and Seidl 1991, "On the degree of ambiguity of finite automata")
 * with bounded effort. Undefined means that none was found, which for patterns with back references and very large ones
 * is no proof; `isHarmless` asks for one.
 */
export function backtrackingOf(pattern: string): Backtracking | undefined {
  const verdict = judge(pattern)
  return verdict === 'none' || verdict === 'unknown' ? undefined : verdict
}

/** True where it is proved that matching takes no more than time in proportion to the text. */
export function isHarmless(pattern: string): boolean {
  return judge(pattern) === 'none'
}

type Verdict = Backtracking | 'none' | 'unknown'

function judge(pattern: string): Verdict {
  const known = remembered.get(pattern)
  if (known !== undefined) return known
  const verdict = analyse(pattern)
  if (remembered.size === MAX_REMEMBERED) remembered.clear()
  remembered.set(pattern, verdict)
  return verdict
}

/** Descriptions repeat the few patterns that they have. */
const remembered = new Map<string, Verdict>()
const MAX_REMEMBERED = 1000

function analyse(pattern: string): Verdict {
  const root = parsePattern(pattern)
  if (root === undefined) return 'unknown'
  const parts = [{ node: root, isAnchored: isAnchored(root) }, ...lookaheads(root).map(anchored)]
  const verdicts = (isFound: typeof isExponential, endlessFrom: number): readonly (boolean | undefined)[] =>
    parts.map(({ node, isAnchored }) => {
      const automaton = buildAutomaton(node, { isAnchored, endlessFrom })
      return automaton === undefined ? undefined : isFound(automaton)
    })
  const exponential = verdicts(isExponential, EXPONENTIAL_FROM)
  if (exponential.includes(true)) return 'exponential'
  const polynomial = verdicts(isPolynomial, POLYNOMIAL_FROM)
  if (polynomial.includes(true)) return 'polynomial'
  return [...exponential, ...polynomial].includes(undefined) ? 'unknown' : 'none'
}

/** What is looked for ahead is tried at one place. */
function anchored(node: PatternNode): { readonly node: PatternNode; readonly isAnchored: boolean } {
  return { node, isAnchored: true }
}
