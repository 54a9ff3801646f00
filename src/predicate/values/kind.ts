import {
  Double,
  Duration,
  isList,
  isObjectValue,
  MapValue,
  Timestamp,
  TypeName,
  Uint,
  type Value,
} from './value.ts'

/** The name of a value's type, as `type(x)` and messages give it. */
export type Kind =
  | 'null_type'
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'list'
  | 'map'
  | 'type'
  | 'google.protobuf.Timestamp'
  | 'google.protobuf.Duration'

export function kindOf(value: Value): Kind {
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int'
    case 'number':
      return Number.isSafeInteger(value) ? 'int' : 'double'
    case 'string':
      return 'string'
    default:
      return value === null ? 'null_type' : kindOfObject(value)
  }
}

function kindOfObject(value: Value & object): Kind {
  if (isList(value)) return 'list'
  if (value instanceof MapValue) return 'map'
  if (value instanceof Uint8Array) return 'bytes'
  if (value instanceof Double) return 'double'
  if (value instanceof Uint) return 'uint'
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp'
  if (value instanceof Duration) return 'google.protobuf.Duration'
  if (value instanceof TypeName) return 'type'
  if (isObjectValue(value)) return 'map'
  throw new TypeError(`${Object.prototype.toString.call(value)} is no value of the expression language`)
}
