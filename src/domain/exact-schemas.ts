import { applicatorOf } from './applicators.ts'
import { isObject } from './json.ts'
import type { JsonSchema } from './plan.ts'
import { componentsOf } from './strongly-connected.ts'

/**
 * True for a self-contained schema that the fast engine (ajv 8) gets wrong, refuses, or may take exponential time for,
 * so that the exact one has to judge by it (docs/reference/json-schema.md#engines). These are:
 *
 * - `unevaluatedItems` and `unevaluatedProperties`, whose annotations ajv does not keep as JSON Schema asks;
 * - `contains`, by which ajv accepts an empty array behind one that it has accepted, and an empty `enum`;
 * - an object in `enum` or `const`, for whose members `constructor` and its like are none of its own;
 * - `patternProperties` and `anyOf`, `oneOf` or `if` that look at the same value, by which ajv throws;
 * - a property that is called `__proto__`;
 * - recursion by which two parts of the schema look at one part of the value, as in a tree of `oneOf`: at each level
 *   ajv looks twice as often.
 */
export function needsExactEngine(schema: JsonSchema): boolean {
  if (typeof schema === 'boolean') return false
  const { $defs = {}, ...root } = schema
  const definitions = isObject($defs) ? $defs : {}
  const numberOf = new Map(Object.keys(definitions).map((name, index) => [`#/$defs/${name}`, index + 1]))
  numberOf.set('#', 0)
  const parts = [root, ...Object.values(definitions)].map((part) => survey(part, numberOf))
  return parts.some(({ isExceptional }) => isExceptional) || branchesOut(parts) || patternsBranch(parts)
}

interface Part {
  readonly isExceptional: boolean
  readonly uses: readonly Use[]
  /** The schemas of the part by the values that they look at; its own value is the first. */
  readonly groups: readonly Group[]
}

/** The schemas that look at one value: one that does not stand in another in place, and those that stand in it in place. */
interface Group {
  hasPatterns: boolean
  branches: boolean
  /** The parts that it refers to. */
  readonly targets: number[]
}

/** Where a part refers to another one, and for which part of the value. */
interface Use {
  readonly part: number
  readonly path: readonly Step[]
}

interface Step {
  readonly to: 'member' | 'item' | 'name'
  /** Undefined where any may be meant. */
  readonly name: string | undefined
  /** The schema that the keyword stands in. */
  readonly owner: object
  /** True for those that no keyword beside it looks at. */
  readonly isRest: boolean
}

function survey(part: unknown, numberOf: ReadonlyMap<string, number>): Part {
  const uses: Use[] = []
  const groups: Group[] = []
  let isExceptional = false
  const begin = (schema: unknown, path: readonly Step[]): void => {
    const group = { hasPatterns: false, branches: false, targets: [] }
    groups.push(group)
    visit(schema, path, group)
  }
  const visit = (schema: unknown, path: readonly Step[], group: Group): void => {
    if (!isObject(schema)) return
    isExceptional ||= isMisread(schema)
    group.hasPatterns ||= Object.hasOwn(schema, 'patternProperties')
    group.branches ||= BRANCHING.some((keyword) => Object.hasOwn(schema, keyword))
    for (const [keyword, member] of Object.entries(schema)) {
      if (keyword === '$ref') {
        const target = numberOf.get(String(member))
        if (target === undefined) continue
        uses.push({ part: target, path })
        group.targets.push(target)
      }
      const applicator = applicatorOf.get(keyword)
      if (applicator === undefined) continue
      const held = applicator.shape === 'one' ? [['', member] as const] : Object.entries(member as object)
      for (const [name, child] of held) {
        if (applicator.inPlace) visit(child, path, group)
        else begin(child, [...path, stepOf(keyword, name, schema)])
      }
    }
  }
  begin(part, [])
  return { isExceptional, uses, groups }
}

function isMisread(schema: Readonly<Record<string, unknown>>): boolean {
  const { enum: values, const: constant, properties } = schema
  return (
    Object.hasOwn(schema, 'unevaluatedItems') ||
    Object.hasOwn(schema, 'unevaluatedProperties') ||
    Object.hasOwn(schema, 'contains') ||
    (Array.isArray(values) && (values.length === 0 || values.some(holdsObject))) ||
    holdsObject(constant) ||
    (isObject(properties) && Object.hasOwn(properties, '__proto__'))
  )
}

function holdsObject(value: unknown): boolean {
  return Array.isArray(value) ? value.some(holdsObject) : isObject(value)
}

/** Where `patternProperties` looks at the same value, the code that ajv makes of these throws. */
const BRANCHING = ['anyOf', 'oneOf', 'if']

function patternsBranch(parts: readonly Part[]): boolean {
  const groups = parts.flatMap((part) => part.groups)
  // Few schemas have any.
  return groups.some(({ hasPatterns }) => hasPatterns) && groups.some((group) => hasBoth(group, parts))
}

/** Whether a value is looked at by both, references followed. */
function hasBoth(group: Group, parts: readonly Part[]): boolean {
  const reached = new Set([group])
  // The set grows while it is walked.
  for (const { targets } of reached) {
    for (const target of targets) reached.add(parts[target]?.groups[0] as Group)
  }
  const all = [...reached]
  return all.some(({ hasPatterns }) => hasPatterns) && all.some(({ branches }) => branches)
}

const REST = new Set(['additionalProperties', 'items', 'unevaluatedProperties', 'unevaluatedItems'])
const NAMED = new Set(['properties', 'prefixItems'])
const OF_MEMBERS = new Set([
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
])

function stepOf(keyword: string, name: string, owner: object): Step {
  const to = keyword === 'propertyNames' ? 'name' : OF_MEMBERS.has(keyword) ? 'member' : 'item'
  // `contains` looks at what the others look at.
  const from = keyword === 'contains' ? {} : owner
  return { to, name: NAMED.has(keyword) ? name : undefined, owner: from, isRest: REST.has(keyword) }
}

/** True where a part comes back to itself in two ways that can meet in one part of the value. */
function branchesOut(parts: readonly Part[]): boolean {
  const component = componentsOf(parts.length, (part) => (parts[part]?.uses ?? []).map((use) => use.part))
  return parts.some(({ uses }, part) => {
    const back = uses.filter((use) => component[use.part] === component[part])
    return back.some((one, index) => back.slice(index + 1).some((other) => meet(one.path, other.path)))
  })
}

function meet(one: readonly Step[], other: readonly Step[]): boolean {
  return one.slice(0, other.length).every((step, index) => meetsAt(step, other[index] as Step))
}

function meetsAt(one: Step, other: Step): boolean {
  if (one.to !== other.to) return false
  if (one.name !== undefined && other.name !== undefined) return one.name === other.name
  return one.owner !== other.owner || one.isRest === other.isRest
}
