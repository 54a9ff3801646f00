import { isDeepStrictEqual } from 'node:util'

import { fullFormats, type FormatName } from 'ajv-formats/dist/formats.js'

import { isObject, schemaDialect } from '../../../domain/index.ts'
import { isHarmless, patternFault } from '../../pattern/index.ts'

type Schema = Readonly<Record<string, unknown>>

/** Longer texts are not tried: some formats take time with the square of their length. */
const MAX_TEXT_LENGTH = 1000

/** What a schema has against a value by itself, without its members: why not, in words that follow the value. */
export function faultOf(value: unknown, schema: Schema): string | undefined {
  return typeFault(value, schema) ?? choiceFault(value, schema) ?? boundFault(value, schema)
}

/** `nullable` (OpenAPI 3.0) admits null wherever it stands: it is another rule's business where it means nothing. */
function typeFault(value: unknown, { type, nullable }: Schema): string | undefined {
  if (type === undefined || (value === null && nullable === true)) return undefined
  const types: readonly unknown[] = Array.isArray(type) ? type : [type]
  if (types.some((name) => hasType(value, name))) return undefined
  return `must be ${types.join(', ')}`
}

function hasType(value: unknown, name: unknown): boolean {
  switch (name) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isObject(value)
    case 'integer':
      return Number.isInteger(value)
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === name
    default:
      // What is no type at all is another rule's business.
      return true
  }
}

function choiceFault(value: unknown, schema: Schema): string | undefined {
  const { enum: values, nullable } = schema
  if (Array.isArray(values) && !(value === null && nullable === true)) {
    if (!values.some((one) => isDeepStrictEqual(one, value)))
      return `must be one of ${values.map((one) => JSON.stringify(one)).join(', ')}`.slice(0, 200)
  }
  return 'const' in schema && !isDeepStrictEqual(schema['const'], value) ? 'must be the constant' : undefined
}

function boundFault(value: unknown, schema: Schema): string | undefined {
  if (typeof value === 'number') return numberFault(value, schema) ?? formatFault(value, schema)
  if (typeof value === 'string') return textFault(value, schema) ?? formatFault(value, schema)
  if (Array.isArray(value)) return countFault(value.length, schema, 'Items')
  return isObject(value) ? countFault(Object.keys(value).length, schema, 'Properties') : undefined
}

function numberFault(value: number, schema: Schema): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  // In OpenAPI 3.0 `true` makes the bound beside it exclusive.
  const above = exclusiveMinimum === true ? minimum : exclusiveMinimum
  const below = exclusiveMaximum === true ? maximum : exclusiveMaximum
  if (typeof minimum === 'number' && value < minimum) return `must be >= ${minimum}`
  if (typeof maximum === 'number' && value > maximum) return `must be <= ${maximum}`
  if (typeof above === 'number' && value <= above) return `must be > ${above}`
  if (typeof below === 'number' && value >= below) return `must be < ${below}`
  const isStep = typeof multipleOf === 'number' && multipleOf > 0
  return isStep && !Number.isInteger(value / multipleOf) ? `must be a multiple of ${multipleOf}` : undefined
}

function textFault(value: string, schema: Schema): string | undefined {
  const { minLength, maxLength, pattern } = schema
  if (value.length > MAX_TEXT_LENGTH) return undefined
  const isMeasured = minLength !== undefined || maxLength !== undefined
  const length = isMeasured ? Array.from(value).length : 0
  if (typeof minLength === 'number' && length < minLength) return `must have at least ${minLength} characters`
  if (typeof maxLength === 'number' && length > maxLength) return `must have at most ${maxLength} characters`
  if (typeof pattern !== 'string' || matches(pattern, value)) return undefined
  return `must match the pattern ${JSON.stringify(pattern.slice(0, 80))}`
}

/** True where a pattern is one that takes no endless time. */
export function canBeTried(pattern: string): boolean {
  return compiled(pattern) !== undefined
}

/** True, too, of a pattern that cannot be tried: nothing is known of it. */
export function matches(pattern: string, text: string): boolean {
  return compiled(pattern)?.test(text) ?? true
}

const MAX_REMEMBERED = 1000
const remembered = new Map<string, RegExp | undefined>()

function compiled(pattern: string): RegExp | undefined {
  if (remembered.has(pattern)) return remembered.get(pattern)
  const isUsable = patternFault(pattern) === undefined && isHarmless(pattern)
  const made = isUsable ? schemaDialect.code.regExp(pattern, 'u') : undefined
  if (remembered.size < MAX_REMEMBERED) remembered.set(pattern, made)
  return made
}

function countFault(count: number, schema: Schema, what: 'Items' | 'Properties'): string | undefined {
  const [least, most] = [schema[`min${what}`], schema[`max${what}`]]
  const noun = what === 'Items' ? 'items' : 'members'
  if (typeof least === 'number' && count < least) return `must have at least ${least} ${noun}`
  return typeof most === 'number' && count > most ? `must have at most ${most} ${noun}` : undefined
}

function formatFault(value: string | number, { format }: Schema): string | undefined {
  if (typeof format !== 'string' || !Object.hasOwn(fullFormats, format)) return undefined
  if (typeof value === 'string' && value.length > MAX_TEXT_LENGTH) return undefined
  return hasFormat(value, fullFormats[format as FormatName])
    ? undefined
    : `must have the format \`${format}\``
}

function hasFormat(value: string | number, format: (typeof fullFormats)[FormatName]): boolean {
  if (format === true) return true
  if (format instanceof RegExp) return typeof value !== 'string' || format.test(value)
  if (typeof format === 'function') return typeof value !== 'string' || format(value)
  if (typeof format !== 'object') return true
  const { type = 'string', validate } = format
  if (typeof value !== type) return true
  if (validate instanceof RegExp) return validate.test(String(value))
  return typeof validate !== 'function' || (validate as (value: unknown) => unknown)(value) === true
}
