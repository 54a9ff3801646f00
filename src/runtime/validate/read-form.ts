import type { PartEncoding } from '../../domain/index.ts'
import { decodeForm, decodePercent } from './decode-text.ts'
import { ANY_KIND, Kind } from './kinds.ts'
import { isJsonType } from './media-type.ts'
import type { RawPair } from './raw-pairs.ts'
import { readJson } from './read-json.ts'
import { readPairs } from './read-pairs.ts'
import { ABSENT, candidates, faultReading, type Reading } from './reading.ts'
import type { Shape } from './shape.ts'

/**
 * Reads application/x-www-form-urlencoded into an object, each property by its `encoding` (OpenAPI 3.1 §4.8.15): a
 * style like a query parameter's, or a JSON document. Properties that the schema does not name are text, or lists of
 * text when they repeat. @throws {MalformedEscape}
 */
export function readFormObject(
  pairs: readonly RawPair[],
  encoding: Readonly<Record<string, PartEncoding>>,
  shape: Shape,
): Reading {
  const values = new Map<string, unknown>()
  const used = new Set<string>()
  for (const name of shape.propertyNames) {
    const part = Object.hasOwn(encoding, name) ? encoding[name] : undefined
    const reading = readProperty(pairs, name, part, shape.property(name))
    if (reading.kind === 'fault')
      return faultReading(`has a member ${JSON.stringify(name)} that ${reading.reason}`)
    if (reading.kind === 'candidates') values.set(name, reading.values[0])
    for (const pair of pairs) if (belongsTo(pair.name, name, part)) used.add(pair.name)
  }
  for (const { name, raw } of pairs) {
    if (used.has(name)) continue
    const text = decodeForm(raw)
    const before = values.get(name)
    values.set(name, before === undefined ? text : [before, text].flat())
  }
  return candidates(Object.fromEntries(values))
}

function readProperty(
  pairs: readonly RawPair[],
  name: string,
  part: PartEncoding | undefined,
  shape: Shape,
): Reading {
  const style = part?.style ?? null
  if (style === null && isJsonProperty(part, shape)) {
    const own = pairs.filter((pair) => pair.name === name)
    if (own.length > 1) return faultReading('is given more than once')
    return own[0] === undefined ? ABSENT : readJson(decodeForm(own[0].raw))
  }
  return readPairs(pairs, {
    name,
    style: style ?? 'form',
    explode: part?.explode ?? (style === null || style === 'form'),
    decode: part?.allow_reserved === true ? decodePercent : decodeForm,
    shape,
    taken: new Set(),
  })
}

/** Objects are JSON unless a style or another type is given. */
function isJsonProperty(part: PartEncoding | undefined, { kinds }: Shape): boolean {
  const type = part?.content_type ?? null
  if (type !== null) return type.split(',').some((one) => isJsonType(one.trim().toLowerCase()))
  return kinds !== ANY_KIND && (kinds & ~Kind.null) === Kind.object && part?.explode !== true
}

function belongsTo(pairName: string, name: string, part: PartEncoding | undefined): boolean {
  return pairName === name || (part?.style === 'deepObject' && pairName.startsWith(`${name}[`))
}
