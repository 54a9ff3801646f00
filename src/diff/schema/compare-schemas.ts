import { canonicalJson, type JsonSchema, type JsonValue } from '../../domain/index.ts'
import type { ChangeLevel } from '../change-definition.ts'
import type { Report } from '../change.ts'
import { changeDefinitions } from '../change-definitions.ts'
import { areDisjoint } from './are-disjoint.ts'
import { compareContains, compareItems } from './compare-arrays.ts'
import { compareAllOf, compareAlternatives, compareWithComposed } from './compare-branches.ts'
import { compareCondition, compareNot, compareUnevaluated } from './compare-conditions.ts'
import {
  annotations,
  compareAnnotations,
  compareLimits,
  compareMultiples,
  compareRanges,
  compareText,
  compareUnique,
} from './compare-limits.ts'
import { compareDependencies, compareProperties, compareRequired } from './compare-objects.ts'
import { compareOtherKeywords } from './compare-other-keywords.ts'
import { compareEnums, compareTypes } from './compare-values.ts'
import type { Comparison, KeywordComparison, Pair } from './comparison.ts'
import { createResolver, type Resolved } from './resolve-schema.ts'

const KEYWORDS: readonly KeywordComparison[] = [
  compareTypes,
  compareEnums,
  compareRanges,
  compareMultiples,
  compareLimits,
  compareText,
  compareUnique,
  compareRequired,
  compareProperties,
  compareDependencies,
  compareItems,
  compareContains,
  compareAllOf,
  compareAlternatives,
  compareNot,
  compareCondition,
  compareUnevaluated,
  compareAnnotations,
  compareOtherKeywords,
]

/** More pairs of parts than this are not compared, nor are deeper ones: the answer is that it is not known. */
const MAX_PAIRS = 20_000
const MAX_DEPTH = 400

export interface SchemaComparison {
  readonly before: JsonSchema
  readonly after: JsonSchema
  /** True for parameters, whose values are read from text by their type. */
  readonly isText: boolean
  readonly report: Report
}

/**
 * Compares two self-contained schemas by the values that they accept. A schema is the conjunction of its keywords, so
 * where each keyword accepts at least what it did, the whole does: only then is nothing but `safe` reported.
 */
export function compareSchemas({ before, after, isText, report }: SchemaComparison): void {
  if (canonicalJson(before) === canonicalJson(after)) return
  const sides = { before: createResolver(before), after: createResolver(after) }
  const effort: Effort = { pairs: 0, same: new Map(), wider: new Map() }
  walk({ sides, effort, isText }, report)(before, after, '')
}

type PairSet = Map<Resolved, Set<Resolved>>

/** Pairs that are being looked at: as values are finite, the answer may be assumed to be yes further down. */
interface Effort {
  pairs: number
  readonly same: PairSet
  readonly wider: PairSet
}

interface Walk {
  readonly sides: Readonly<Record<'before' | 'after', (part: JsonValue | undefined) => Resolved>>
  readonly effort: Effort
  readonly isText: boolean
}

function walk(context: Walk, report: Report, isDone = () => false): Comparison['compare'] {
  const { sides, effort, isText } = context
  const visited: PairSet = new Map()
  let depth = 0
  let hasGivenUp = false
  const compare: Comparison['compare'] = (was, is, pointer) => {
    const [before, after] = [sides.before(was), sides.after(is)]
    if (before === after || hasGivenUp || isDone()) return
    if (before === false) return report('schema-allowed', pointer, { before: was, after: is })
    if (after === false) return report('schema-refused', pointer, { before: was, after: is })
    if (!enter(visited, before, after)) return
    effort.pairs += 1
    hasGivenUp = effort.pairs > MAX_PAIRS || depth > MAX_DEPTH
    if (hasGivenUp) return report('schema-not-compared', pointer)
    depth += 1
    compareKeywords({ before, after, pointer }, comparison)
    depth -= 1
  }
  const comparison: Comparison = {
    report,
    compare,
    isSame: ask(context, { assumed: [effort.same], accepts: () => false }),
    isWider: ask(context, { assumed: [effort.wider, effort.same], accepts: (level) => level === 'safe' }),
    isAnything: (side, part) => isAnything(sides[side](part)),
    areDisjoint: (branches) => areDisjoint(branches, sides.after),
    isText,
  }
  return compare
}

function compareKeywords(pair: Pair, comparison: Comparison): void {
  if (compareWithComposed(pair, comparison)) return
  for (const compareKeyword of KEYWORDS) compareKeyword(pair, comparison)
}

interface Query {
  /** Where pairs are noted while they are asked for, then where else the answer is yes too. */
  readonly assumed: readonly [PairSet, ...PairSet[]]
  readonly accepts: (level: ChangeLevel) => boolean
}

function ask(context: Walk, { assumed, accepts }: Query): Comparison['isSame'] {
  const { sides } = context
  return (was, is) => {
    const [before, after] = [sides.before(was), sides.after(is)]
    if (assumed.some((pairs) => pairs.get(before)?.has(after) === true)) return true
    enter(assumed[0], before, after)
    let answer = true
    const report: Report = (id) => {
      answer &&= accepts(changeDefinitions[id].level)
    }
    walk(context, report, () => !answer)(was, is, '')
    assumed[0].get(before)?.delete(after)
    return answer
  }
}

function isAnything(schema: Resolved): boolean {
  return schema !== false && Object.keys(schema).every((keyword) => annotations.includes(keyword))
}

/** False where the pair was there already. */
function enter(pairs: PairSet, before: Resolved, after: Resolved): boolean {
  const partners = pairs.get(before) ?? new Set()
  if (partners.has(after)) return false
  pairs.set(before, partners.add(after))
  return true
}
