import { appendPointer, isObject, type JsonValue } from '../../../domain/index.ts'
import { followReferences, schemaExamples, type ObjectNode } from '../../lint/index.ts'
import type { DocumentSet } from '../../document/index.ts'

/** Objects within objects; what is deeper is left out where it may be. */
const MAX_DEPTH = 8
/** A longer text or list is not made up. */
const MAX_LENGTH = 1000

const TEXTS: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  time: '12:00:00Z',
  duration: 'P1D',
  email: 'ann@example.com',
  'idn-email': 'ann@example.com',
  hostname: 'example.com',
  'idn-hostname': 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  iri: 'https://example.com/',
  'uri-reference': '/example',
  'uri-template': '/example/{id}',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
  'json-pointer': '/example',
  byte: 'ZXhhbXBsZQ==',
  regex: '^example$',
}

/**
 * A value for a schema: an example of its own, what it allows only, or the plainest value of its type. The same schema
 * always gives the same value. Undefined where nothing fits, such as a circle of required members.
 */
export function generateExample(set: DocumentSet, schema: ObjectNode): JsonValue | undefined {
  return generate(schema, [])

  function generate(given: ObjectNode, above: readonly unknown[]): JsonValue | undefined {
    const node = followReferences(set, given)
    if (node === undefined || above.includes(node.value) || above.length >= MAX_DEPTH) return undefined
    const [own] = schemaExamples(node)
    if (own !== undefined) return own.value as JsonValue
    const { const: only, enum: values } = node.value
    if (only !== undefined) return only as JsonValue
    if (Array.isArray(values)) return values[0] as JsonValue | undefined
    const within = [...above, node.value]
    const whole = merged(node, within)
    if (whole !== undefined) return whole
    return valueOf(node, within)
  }

  /** Of schemas that are put together: all of `allOf`, the first of the alternatives that can be made. */
  function merged(node: ObjectNode, above: readonly unknown[]): JsonValue | undefined {
    const all = partsOf(node, 'allOf')
    const alternatives = [...partsOf(node, 'oneOf'), ...partsOf(node, 'anyOf')]
    if (all.length === 0 && alternatives.length === 0) return undefined
    const chosen = alternatives.map((part) => generate(part, above)).find((value) => value !== undefined)
    const values = [...all.map((part) => generate(part, above)), chosen, objectOf(node, above)]
    const objects = values.filter((value) => isObject(value))
    if (objects.length > 0) return Object.assign({}, ...objects) as JsonValue
    return values.find((value) => value !== undefined)
  }

  function valueOf(node: ObjectNode, above: readonly unknown[]): JsonValue | undefined {
    const { type, properties, items } = node.value
    const [first] = Array.isArray(type) ? type : [type]
    if (first === 'object' || (first === undefined && properties !== undefined))
      return objectOf(node, above) ?? {}
    if (first === 'array' || (first === undefined && items !== undefined)) return arrayOf(node, above)
    if (first === 'string') return textOf(node.value)
    if (first === 'integer' || first === 'number') return numberOf(node.value, first === 'integer')
    if (first === 'boolean') return true
    return first === 'null' ? null : {}
  }

  function objectOf(node: ObjectNode, above: readonly unknown[]): JsonValue | undefined {
    const { properties, required } = node.value
    if (!isObject(properties)) return undefined
    const at = appendPointer(node.pointer, 'properties')
    const members = Object.entries(properties).flatMap(([name, value]) => {
      const property = { document: node.document, pointer: appendPointer(at, name), value }
      if (!isObject(value) || value['writeOnly'] === true) return []
      const made = generate(property as ObjectNode, above)
      return made === undefined ? [] : [[name, made] as const]
    })
    const names = new Set(members.map(([name]) => name))
    const isWhole =
      !Array.isArray(required) ||
      required.every((name) => names.has(name as string) || isWriteOnly(properties, name))
    return isWhole ? (Object.fromEntries(members) as JsonValue) : undefined
  }

  function arrayOf(node: ObjectNode, above: readonly unknown[]): JsonValue | undefined {
    const { items, minItems } = node.value
    const count = typeof minItems === 'number' ? Math.min(minItems, MAX_LENGTH) : 1
    if (!isObject(items)) return []
    const item = generate(
      { document: node.document, pointer: appendPointer(node.pointer, 'items'), value: items },
      above,
    )
    // A list of what cannot be made is empty, where it may be.
    if (item === undefined) return typeof minItems === 'number' && minItems > 0 ? undefined : []
    return Array.from({ length: Math.max(1, count) }, () => item)
  }
}

function isWriteOnly(properties: Readonly<Record<string, unknown>>, name: unknown): boolean {
  const property = typeof name === 'string' ? properties[name] : undefined
  return isObject(property) && property['writeOnly'] === true
}

function partsOf(node: ObjectNode, keyword: string): readonly ObjectNode[] {
  const list = node.value[keyword]
  if (!Array.isArray(list)) return []
  return list.flatMap((value: unknown, index) => {
    const pointer = appendPointer(appendPointer(node.pointer, keyword), index)
    return isObject(value) ? [{ document: node.document, pointer, value }] : []
  })
}

function textOf({ format, minLength, maxLength }: Readonly<Record<string, unknown>>): string {
  const text = (typeof format === 'string' ? TEXTS[format] : undefined) ?? 'text'
  const least = typeof minLength === 'number' ? Math.min(minLength, MAX_LENGTH) : 0
  const most = typeof maxLength === 'number' ? maxLength : Infinity
  return text.padEnd(least, text).slice(0, most)
}

function numberOf(
  { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: Readonly<Record<string, unknown>>,
  isWhole: boolean,
): number {
  const step = typeof multipleOf === 'number' && multipleOf > 0 ? multipleOf : isWhole ? 1 : 0.5
  // In OpenAPI 3.0 the exclusive bounds are flags.
  const above =
    typeof exclusiveMinimum === 'number' ? exclusiveMinimum : exclusiveMinimum === true ? minimum : undefined
  const below =
    typeof exclusiveMaximum === 'number' ? exclusiveMaximum : exclusiveMaximum === true ? maximum : undefined
  const least = typeof above === 'number' ? above + step : typeof minimum === 'number' ? minimum : undefined
  const most = typeof below === 'number' ? below - step : typeof maximum === 'number' ? maximum : undefined
  if (least !== undefined) return Math.ceil(least / step) * step
  return most !== undefined && most < 0 ? Math.floor(most / step) * step : 0
}
