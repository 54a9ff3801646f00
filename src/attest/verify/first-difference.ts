import { isObject } from '../../domain/index.ts'

export interface ValueDifference {
  /** Where, as a path with dots. */
  readonly what: string
  readonly found: string
  readonly expected: string
}

const MAX_SHOWN = 120

/** The first place where two JSON values differ, undefined where they are equal. An undefined member is no member. */
export function firstDifference(
  found: unknown,
  expected: unknown,
  what: string,
): ValueDifference | undefined {
  if (Array.isArray(found) && Array.isArray(expected)) {
    const places = Array.from({ length: Math.max(found.length, expected.length) }, (_, index) => index)
    return firstOf(places, (index) => firstDifference(found[index], expected[index], `${what}[${index}]`))
  }
  if (isObject(found) && isObject(expected)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])]
    return firstOf(keys, (key) =>
      firstDifference(ownMember(found, key), ownMember(expected, key), `${what}.${key}`),
    )
  }
  return found === expected ? undefined : { what, found: show(found), expected: show(expected) }
}

function firstOf<T>(items: readonly T[], compare: (item: T) => ValueDifference | undefined) {
  for (const item of items) {
    const difference = compare(item)
    if (difference !== undefined) return difference
  }
  return undefined
}

function ownMember(value: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, MAX_SHOWN)
}
