import type { JsonObject, JsonValue } from '../../domain/index.ts'
import type { Comparison, KeywordComparison, Pair } from './comparison.ts'
import { isEqual } from './compare-limits.ts'
import { isSchemaObject } from './resolve-schema.ts'

type Branches = readonly JsonValue[]

/** Branches that belong together, and those that are left over. */
interface Matching {
  readonly pairs: readonly { readonly before: JsonValue; readonly after: JsonValue; readonly index: number }[]
  readonly removed: Branches
  readonly added: readonly { readonly branch: JsonValue; readonly index: number }[]
  /** True where every branch has one that is the same. */
  readonly areAllSame: boolean
}

/** `allOf`: JSON Schema 2020-12 core §10.2.1.1. */
export const compareAllOf: KeywordComparison = ({ before, after, pointer }, comparison) => {
  const { pairs, removed, added } = match(listOf(before, 'allOf'), listOf(after, 'allOf'), comparison)
  for (const pair of pairs) comparison.compare(pair.before, pair.after, `${pointer}/allOf/${pair.index}`)
  for (const branch of removed) {
    if (comparison.isAnything('before', branch)) continue
    comparison.report('schema-all-of-removed', `${pointer}/allOf`, { before: branch })
  }
  for (const { branch, index } of added) {
    if (comparison.isAnything('after', branch)) continue
    const isImplied = listOf(before, 'allOf').some((part) => comparison.isWider(part, branch))
    const id = isImplied ? 'schema-all-of-implied' : 'schema-all-of-added'
    comparison.report(id, `${pointer}/allOf/${index}`, { after: branch })
  }
}

/** `anyOf` and `oneOf`: core §10.2.1.2 and §10.2.1.3. */
export const compareAlternatives: KeywordComparison = (pair, comparison) => {
  const [was, is] = [onlyAlternatives(pair.before), onlyAlternatives(pair.after)]
  if (was !== undefined && is !== undefined) return compareChoices(pair, [was, is], comparison)
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const [had, has] = [pair.before[keyword], pair.after[keyword]]
    const at = `${pair.pointer}/${keyword}`
    if (had === undefined && has === undefined) continue
    if (had === undefined) comparison.report('schema-alternatives-added', at, { after: has })
    else if (has === undefined) comparison.report('schema-alternatives-removed', at, { before: had })
    else compareChoices(pair, [keyword, keyword], comparison)
  }
}

/**
 * Compares a schema with one that is only put together of others, by `allOf` or as alternatives, as if it were the only
 * one; false where neither side is such a schema, or both are.
 */
export function compareWithComposed(pair: Pair, comparison: Comparison): boolean {
  return compareWithAllOf(pair, comparison) || compareWithChoice(pair, comparison)
}

function compareWithAllOf({ before, after, pointer }: Pair, comparison: Comparison): boolean {
  const [was, is] = [isOnlyAllOf(before), isOnlyAllOf(after)]
  const other = was ? after : before
  if (was === is || other['allOf'] !== undefined || isSchemaEmpty(other)) return false
  const wrap = (schema: JsonObject, isWrapped: boolean) => (isWrapped ? { allOf: [schema] } : schema)
  compareAllOf({ before: wrap(before, !was), after: wrap(after, !is), pointer }, comparison)
  return true
}

function isOnlyAllOf(schema: JsonObject): boolean {
  return schema['allOf'] !== undefined && Object.keys(schema).length === 1
}

function compareWithChoice(pair: Pair, comparison: Comparison): boolean {
  const { before, after, pointer } = pair
  const [was, is] = [isChoice(before), isChoice(after)]
  if (was === is) return false
  const other = was ? after : before
  if (onlyAlternatives(other) !== undefined || isSchemaEmpty(other)) return false
  const wrap = (schema: JsonObject, isWrapped: boolean) => (isWrapped ? { anyOf: [schema] } : schema)
  const wrapped = { before: wrap(before, !was), after: wrap(after, !is), pointer }
  compareAlternatives(wrapped, comparison)
  return true
}

type Keyword = 'anyOf' | 'oneOf'

function compareChoices(
  { before, after, pointer }: Pair,
  [was, is]: readonly [Keyword, Keyword],
  comparison: Comparison,
): void {
  const { report, compare, isWider, areDisjoint } = comparison
  const [had, has] = [listOf(before, was), listOf(after, is)]
  const { pairs, removed, added, areAllSame } = match(had, has, comparison)
  for (const pair of pairs) compare(pair.before, pair.after, `${pointer}/${is}/${pair.index}`)
  for (const branch of removed) {
    const isCovered = has.some((other) => isWider(branch, other))
    const id = isCovered ? 'schema-alternative-merged' : 'schema-alternative-removed'
    report(id, `${pointer}/${was}`, { before: branch })
  }
  for (const { branch, index } of added)
    report('schema-alternative-added', `${pointer}/${is}/${index}`, { after: branch })
  const isStricter = is === 'oneOf' && !(areAllSame && was === 'oneOf')
  if (isStricter && !areDisjoint(has)) report('schema-alternatives-overlap', `${pointer}/${is}`)
}

/** Pairs branches: the same ones first, then those that accept at least as much, then by name, then by order. */
function match(before: Branches, after: Branches, { isSame, isWider }: Comparison): Matching {
  const open = new Set(after.keys())
  const partnerOf = new Map<number, number>()
  const pass = (fits: (was: JsonValue, is: JsonValue) => boolean): void => {
    for (const [index, was] of before.entries()) {
      if (partnerOf.has(index)) continue
      const found = [...open].find((candidate) => fits(was, after[candidate] as JsonValue))
      if (found === undefined) continue
      partnerOf.set(index, found)
      open.delete(found)
    }
  }
  pass((was, is) => isEqual(was, is) && isSame(was, is))
  pass(isSame)
  const areAllSame = partnerOf.size === before.length && open.size === 0
  pass(isWider)
  pass((was, is) => nameOf(was) !== undefined && nameOf(was) === nameOf(is))
  if (partnerOf.size + open.size === before.length) pass(() => true)
  return {
    pairs: [...partnerOf].map(([was, is]) => ({
      before: before[was] as JsonValue,
      after: after[is] as JsonValue,
      index: is,
    })),
    removed: before.filter((_, index) => !partnerOf.has(index)),
    added: [...open].map((index) => ({ branch: after[index] as JsonValue, index })),
    areAllSame,
  }
}

function nameOf(branch: JsonValue): JsonValue | undefined {
  return isSchemaObject(branch) ? branch['$ref'] : undefined
}

function listOf(schema: JsonObject, keyword: string): Branches {
  const list = schema[keyword]
  return Array.isArray(list) ? (list as Branches) : []
}

function onlyAlternatives(schema: JsonObject): Keyword | undefined {
  const { anyOf, oneOf } = schema
  if ((anyOf === undefined) === (oneOf === undefined)) return undefined
  return anyOf === undefined ? 'oneOf' : 'anyOf'
}

function isChoice(schema: JsonObject): boolean {
  const keywords = Object.keys(schema).filter((keyword) => keyword !== 'discriminator')
  return keywords.length === 1 && onlyAlternatives(schema) !== undefined
}

function isSchemaEmpty(schema: JsonObject): boolean {
  return Object.keys(schema).length === 0
}
