import type { Type } from '../types/index.ts'
import {
  Double,
  double,
  doubleOf,
  Duration,
  Failure,
  floorDivide,
  formatDuration,
  formatTimestamp,
  int,
  isInt,
  kindOf,
  NANOS_PER_SECOND,
  parseDuration,
  parseTimestamp,
  Timestamp,
  timestamp,
  TypeName,
  Uint,
  uint,
  type Result,
  type Value,
} from '../values/index.ts'
import { signature, type Apply, type FunctionDefinition } from './definition.ts'

const CONVERTED_PER_UNIT = 16
/** Enough for any number of 64 bits. */
const MAX_NUMBER_LENGTH = 400
/** The two ends of the range, which a `double` cannot tell from what lies beyond them. */
const INT_BOUND = 2 ** 63
const UINT_BOUND = 2 ** 64

function toInt(value: Value): Result | undefined {
  if (isInt(value)) return value
  if (value instanceof Uint) return int(value.value)
  if (value instanceof Timestamp) return int(floorDivide(value.nanos, NANOS_PER_SECOND)[0])
  if (typeof value === 'string') return /^[+-]?\d{1,20}$/.test(value) ? int(BigInt(value)) : notA('int')
  const number = doubleOf(value)
  if (number === undefined) return undefined
  return number > -INT_BOUND && number < INT_BOUND
    ? int(BigInt(Math.trunc(number)))
    : new Failure('int overflow')
}

function toUint(value: Value): Result | undefined {
  if (value instanceof Uint) return value
  if (isInt(value)) return uint(BigInt(value))
  if (typeof value === 'string') return /^\d{1,20}$/.test(value) ? uint(BigInt(value)) : notA('uint')
  const number = doubleOf(value)
  if (number === undefined) return undefined
  return number >= 0 && number < UINT_BOUND ? uint(BigInt(Math.trunc(number))) : new Failure('uint overflow')
}

const NUMBER = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|Inf(?:inity)?|NaN)$/

function toDouble(value: Value): Result | undefined {
  if (isInt(value)) return double(Number(value) + 0)
  if (value instanceof Uint) return double(Number(value.value))
  if (typeof value !== 'string') return doubleOf(value) === undefined ? undefined : value
  if (value.length > MAX_NUMBER_LENGTH || !NUMBER.test(value)) return notA('double')
  return double(Number(value.replace(/Inf(?:inity)?$/, 'Infinity')))
}

const BOOLS: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'true', 'TRUE', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'false', 'FALSE', 'False'].map((text) => [text, false] as const),
])

function toBool(value: Value): Result | undefined {
  if (typeof value === 'boolean') return value
  return typeof value === 'string' ? (BOOLS.get(value) ?? notA('bool')) : undefined
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function toText(value: Value): Result | undefined {
  switch (typeof value) {
    case 'string':
      return value
    case 'boolean':
    case 'number':
    case 'bigint':
      return String(value)
    default:
      return value === null ? undefined : objectToText(value)
  }
}

function objectToText(value: Value & object): Result | undefined {
  if (value instanceof Double || value instanceof Uint) return String(value.value)
  if (value instanceof Timestamp) return formatTimestamp(value)
  if (value instanceof Duration) return formatDuration(value)
  if (!(value instanceof Uint8Array)) return undefined
  try {
    return decoder.decode(value)
  } catch {
    return new Failure('the bytes are not UTF-8')
  }
}

function toBytes(value: Value): Result | undefined {
  if (value instanceof Uint8Array) return value
  return typeof value === 'string' ? new Uint8Array(Buffer.from(value)) : undefined
}

function toTimestamp(value: Value): Result | undefined {
  if (value instanceof Timestamp) return value
  if (isInt(value)) return timestamp(BigInt(value) * NANOS_PER_SECOND)
  return typeof value === 'string' ? parseTimestamp(value) : undefined
}

function toDuration(value: Value): Result | undefined {
  if (value instanceof Duration) return value
  return typeof value === 'string' ? parseDuration(value) : undefined
}

function notA(type: string): Failure {
  return new Failure(`the text is no ${type}`)
}

function conversion(
  name: string,
  { from, to }: { readonly from: readonly Type[]; readonly to: Type },
  convert: (value: Value) => Result | undefined,
): FunctionDefinition {
  const apply: Apply = (budget, value) => {
    if (typeof value === 'string' || value instanceof Uint8Array) {
      budget.spend(Math.ceil(value.length / CONVERTED_PER_UNIT))
    }
    return convert(value)
  }
  return { name, style: 'function', signatures: from.map((type) => signature([type], to)), apply }
}

export const conversions: readonly FunctionDefinition[] = [
  conversion('int', { from: ['int', 'uint', 'double', 'string', 'timestamp'], to: 'int' }, toInt),
  conversion('uint', { from: ['uint', 'int', 'double', 'string'], to: 'uint' }, toUint),
  conversion('double', { from: ['double', 'int', 'uint', 'string'], to: 'double' }, toDouble),
  conversion('bool', { from: ['bool', 'string'], to: 'bool' }, toBool),
  conversion(
    'string',
    {
      from: ['string', 'bool', 'int', 'uint', 'double', 'bytes', 'timestamp', 'duration'],
      to: 'string',
    },
    toText,
  ),
  conversion('bytes', { from: ['bytes', 'string'], to: 'bytes' }, toBytes),
  conversion('timestamp', { from: ['timestamp', 'string', 'int'], to: 'timestamp' }, toTimestamp),
  conversion('duration', { from: ['duration', 'string'], to: 'duration' }, toDuration),
  conversion('dyn', { from: ['dyn'], to: 'dyn' }, (value) => value),
  conversion('type', { from: ['dyn'], to: 'type' }, (value) => new TypeName(kindOf(value))),
]
