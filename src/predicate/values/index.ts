export { EvaluationStopped, type Budget } from './budget.ts'
export { equals } from './equals.ts'
export { kindOf, type Kind } from './kind.ts'
export { BuiltMap, isMap, lookupKeyOf, mapGet, mapKeyOf, mapKeys, mapSize, noSuchKey } from './map.ts'
export { calculate, doubleOf, int, isInt, negate, uint, type Arithmetic } from './numbers.ts'
export { compare } from './order.ts'
export {
  duration,
  floorDivide,
  formatDuration,
  formatTimestamp,
  NANOS_PER_SECOND,
  parseDuration,
  parseTimestamp,
  timestamp,
} from './time.ts'
export {
  Double,
  double,
  Duration,
  Failure,
  isList,
  MapValue,
  Timestamp,
  TypeName,
  Uint,
  type ListValue,
  type MapKey,
  type ObjectValue,
  type Result,
  type Value,
} from './value.ts'
