import { applicatorOf, componentsOf, isObject, type JsonSchema } from '../../domain/index.ts'
import { keptKeywords } from './keywords.ts'

/** ajv compiles a schema within a schema by recursion, and is measured to bear more than three hundred levels. */
const MAX_LEVELS = 100

/** What ajv decides by more than the value of the keyword. */
const EXCEPTIONAL = new Set(['unevaluatedItems', 'unevaluatedProperties'])

/**
 * True for a self-contained schema of which it is certain, without trying, that ajv compiles it: it is valid by its
 * meta-schema, holds only keywords whose compilation depends on nothing else, and is nested within the limits of the
 * stack, by way of references too. Nearly all schemas are, and to compile one costs milliseconds.
 *
 * @param schema valid by the meta-schema of JSON Schema 2020-12, patterns included, as `bundle` makes it.
 */
export function isPlain(schema: JsonSchema): boolean {
  if (typeof schema === 'boolean') return true
  const { $defs = {}, ...root } = schema
  if (!isObject($defs)) return false
  const numberOf = new Map(Object.keys($defs).map((name, index) => [name, index + 1]))
  const parts = [root, ...Object.values($defs)].map((part) => measure(part, numberOf))
  return parts.every((part) => part !== undefined) && !isEndless(parts) && longestChain(parts) <= MAX_LEVELS
}

interface Part {
  readonly levels: number
  /** The numbers of the parts that it refers to. */
  readonly uses: readonly Use[]
}

interface Use {
  readonly part: number
  /** True where it applies to the same value. */
  readonly inPlace: boolean
}

/** Undefined where a part holds something that is not plain. */
function measure(schema: unknown, numberOf: ReadonlyMap<string, number>): Part | undefined {
  const uses: Use[] = []
  const levelsOf = (value: unknown, inPlace: boolean): number => {
    if (!isObject(value)) return typeof value === 'boolean' ? 1 : Number.NaN
    let below = 0
    for (const [keyword, member] of Object.entries(value)) {
      const applicator = applicatorOf.get(keyword)
      if (keyword === '$ref') {
        const part = numberOf.get(nameOf(member))
        if (part === undefined) return Number.NaN
        uses.push({ part, inPlace })
      } else if (applicator === undefined) {
        if (!isPlainKeyword(keyword, member)) return Number.NaN
      } else if (EXCEPTIONAL.has(keyword)) return Number.NaN
      else {
        const held = applicator.shape === 'one' ? [member] : Object.values(member as object)
        for (const child of held) below = Math.max(below, levelsOf(child, inPlace && applicator.inPlace))
      }
    }
    return below + 1
  }
  const levels = levelsOf(schema, true)
  return Number.isNaN(levels) ? undefined : { levels, uses }
}

function isPlainKeyword(keyword: string, value: unknown): boolean {
  if (keyword === 'enum') return Array.isArray(value) && value.length > 0
  return keptKeywords.has(keyword) || keyword === 'discriminator'
}

function nameOf(ref: unknown): string {
  return typeof ref === 'string' && ref.startsWith('#/$defs/') ? ref.slice('#/$defs/'.length) : ''
}

/** True where a part comes back to itself for the same value. */
function isEndless(parts: readonly Part[]): boolean {
  const next = parts.map(({ uses }) => uses.filter(({ inPlace }) => inPlace).map(({ part }) => part))
  const component = componentsOf(parts.length, (part) => next[part] ?? [])
  return next.some((targets, part) => targets.some((target) => component[target] === component[part]))
}

/** The levels along the longest way through the parts; of a circle all are counted, as each is compiled once. */
function longestChain(parts: readonly Part[]): number {
  const component = componentsOf(parts.length, (part) => (parts[part]?.uses ?? []).map((use) => use.part))
  const groups = Map.groupBy(parts.keys(), (part) => component[part] ?? 0)
  const longest: number[] = []
  // Components are numbered so that what one refers to has a lower number.
  for (const of of [...groups.keys()].toSorted((a, b) => a - b)) {
    const members = (groups.get(of) ?? []).flatMap((part) => parts[part] ?? [])
    const targets = members.flatMap(({ uses }) => uses.map(({ part }) => component[part] ?? 0))
    const behind = targets.filter((target) => target !== of).map((target) => longest[target] ?? 0)
    const own = members.reduce((sum, { levels }) => sum + levels, 0)
    longest[of] = behind.reduce((most, levels) => Math.max(most, levels), 0) + own
  }
  return longest[component[0] ?? 0] ?? 0
}
