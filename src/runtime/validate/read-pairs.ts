import type { ParameterStyle } from '../../domain/index.ts'
import type { TextDecoding } from './decode-text.ts'
import { ANY_KIND, Kind } from './kinds.ts'
import { ABSENT, candidates, faultReading, type Reading } from './reading.ts'
import type { RawPair } from './raw-pairs.ts'
import { arrayOf, objectOf, readText, scalarCandidates } from './read-text.ts'
import type { Shape } from './shape.ts'

/** A parameter (or form field) whose value is spread over named pairs: query, cookies, form bodies. */
export interface PairRule {
  readonly name: string
  readonly style: ParameterStyle
  readonly explode: boolean
  readonly decode: TextDecoding
  readonly shape: Shape
  /** Names that belong to others; an exploded object takes only what is left. */
  readonly taken: ReadonlySet<string>
}

const DELIMITERS: Readonly<Record<string, string | RegExp>> = {
  spaceDelimited: /%20|\+| /,
  pipeDelimited: /%7C|\|/i,
}

/** Reads a value of style form, spaceDelimited, pipeDelimited, deepObject or cookie. @throws {MalformedEscape} */
export function readPairs(pairs: readonly RawPair[], rule: PairRule): Reading {
  if (rule.style === 'deepObject') return readDeepObject(pairs, rule)
  return rule.explode ? readExploded(pairs, rule) : readDelimited(pairs, rule)
}

function readDelimited(pairs: readonly RawPair[], rule: PairRule): Reading {
  const own = pairs.filter((pair) => pair.name === rule.name)
  if (own.length > 1) return faultReading('is given more than once')
  const [only] = own
  if (only === undefined) return ABSENT
  const delimiter = DELIMITERS[rule.style] ?? ','
  return readText(only.raw, { delimiter, pairs: false, decode: rule.decode }, rule.shape)
}

function readExploded(pairs: readonly RawPair[], rule: PairRule): Reading {
  const { shape, decode } = rule
  if (isScalar(shape)) return readScalar(pairs, rule)
  const own = pairs.filter((pair) => pair.name === rule.name)
  const mayBeArray = has(shape, Kind.array)
  if (own.length > 1 && !mayBeArray) return faultReading('is given more than once')
  const values: unknown[] = []
  if (own.length === 1 && (shape.kinds === ANY_KIND || (shape.kinds & ~(Kind.array | Kind.object)) !== 0)) {
    values.push(...scalarCandidates(decode((own[0] as RawPair).raw), shape))
  }
  if (own.length > 0 && mayBeArray) {
    values.push(
      arrayOf(
        own.map((pair) => pair.raw),
        decode,
        shape,
      ),
    )
  }
  if (has(shape, Kind.object)) {
    const members = pairs.filter(({ name }) => isMember(name, rule))
    if (members.length > 0) values.push(objectFrom(members, rule))
  }
  return values.length === 0 ? ABSENT : candidates(...values)
}

/** What is neither a list nor an object is mostly given once. */
function readScalar(pairs: readonly RawPair[], { name, shape, decode }: PairRule): Reading {
  let own: RawPair | undefined
  for (const pair of pairs) {
    if (pair.name !== name) continue
    if (own !== undefined) return faultReading('is given more than once')
    own = pair
  }
  return own === undefined ? ABSENT : { kind: 'candidates', values: scalarCandidates(decode(own.raw), shape) }
}

function isMember(name: string, { shape, taken }: PairRule): boolean {
  return shape.propertyNames.has(name) || (shape.isOpen && !taken.has(name))
}

function readDeepObject(pairs: readonly RawPair[], rule: PairRule): Reading {
  const prefix = `${rule.name}[`
  const members = pairs
    .filter(({ name }) => name.startsWith(prefix) && name.endsWith(']'))
    .map(({ name, raw }) => ({ name: name.slice(prefix.length, -1), raw }))
  if (members.length === 0) {
    const bare = pairs.some((pair) => pair.name === rule.name)
    return bare ? faultReading(`must be written as ${rule.name}[member]=value`) : ABSENT
  }
  if (members.some(({ name }) => name.includes('['))) return faultReading('must not be nested')
  return candidates(objectFrom(members, rule))
}

function objectFrom(members: readonly RawPair[], { decode, shape }: PairRule): object {
  return objectOf(
    members.map(({ name, raw }) => [name, raw] as const),
    decode,
    shape,
  )
}

function isScalar({ kinds }: Shape): boolean {
  return kinds !== ANY_KIND && kinds !== 0 && (kinds & (Kind.array | Kind.object)) === 0
}

function has({ kinds }: Shape, kind: number): boolean {
  return kinds !== ANY_KIND && (kinds & kind) !== 0
}
