import { componentsOf } from '../../domain/index.ts'
import type { Draft } from './draft.ts'
import type { Drafts } from './drafts.ts'
import { plainLevels } from './plain-schema.ts'

/** ajv compiles a schema within a schema by recursion, and is measured to bear more than three hundred levels. */
const MAX_LEVELS = 100

/**
 * Those of the drafts of which it is certain, without trying, that ajv compiles them with all that they reach: they are
 * plain, and nested within the limits of the stack, by way of references too. Nearly all schemas are, and to compile one
 * costs milliseconds.
 *
 * @param roots with valid patterns, as all that they reach.
 */
export function plainDrafts(roots: readonly Draft[], drafts: Drafts): ReadonlySet<Draft> {
  const all = [...new Set(roots)]
  const numberOf = new Map(all.map((draft, number) => [draft.key, number]))
  const targets: number[][] = []
  const same: number[][] = []
  // The list grows while it is walked, by what its drafts refer to.
  for (const { uses } of all) {
    const [used, usedInPlace]: [number[], number[]] = [[], []]
    for (const { key, inPlace } of uses) {
      const number = numberOf.get(key) ?? all.push(drafts.get(key)) - 1
      numberOf.set(key, number)
      used.push(number)
      if (inPlace) usedInPlace.push(number)
    }
    targets.push(used)
    same.push(usedInPlace)
  }
  const levels = levelsThrough(all, targets, same)
  return new Set(roots.filter((_, number) => (levels[number] ?? Infinity) <= MAX_LEVELS))
}

/**
 * The levels along the longest way through each draft and what it reaches, by the numbers of those it refers to and of
 * those among them that apply to the same value; of a circle all are counted, as each is compiled once. Infinite where
 * something is not plain, or comes back to itself for the same value.
 */
function levelsThrough(
  all: readonly Draft[],
  targets: readonly (readonly number[])[],
  same: readonly (readonly number[])[],
): readonly number[] {
  const sameComponent = componentsOf(all.length, (number) => same[number] ?? [])
  const component = componentsOf(all.length, (number) => targets[number] ?? [])
  const longest: number[] = []
  // Components are numbered so that what one refers to has a lower number.
  const groups = Map.groupBy(all.keys(), (number) => component[number] as number)
  for (const [of, members] of [...groups].toSorted(([a], [b]) => a - b)) {
    let own = 0
    let behind = 0
    for (const member of members) {
      const isEndless = (same[member] ?? []).some((target) => sameComponent[target] === sameComponent[member])
      own += isEndless ? Infinity : plainLevels(all[member] as Draft)
      for (const target of targets[member] ?? [])
        if (component[target] !== of) behind = Math.max(behind, longest[component[target] as number] ?? 0)
    }
    longest[of] = behind + own
  }
  return component.map((of) => longest[of] as number)
}
