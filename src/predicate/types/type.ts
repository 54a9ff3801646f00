/** A type, as far as it is known before an evaluation; `dyn` is any. */
export type Type =
  | 'dyn'
  | 'null'
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'timestamp'
  | 'duration'
  | 'type'
  | { readonly list: Type }
  | { readonly map: readonly [key: Type, value: Type] }

export function formatType(type: Type): string {
  if (typeof type === 'string') return type
  if ('list' in type) return `list(${formatType(type.list)})`
  return `map(${formatType(type.map[0])}, ${formatType(type.map[1])})`
}

/** True unless it is known that a value of the one type is none of the other. */
export function isAssignable(actual: Type, expected: Type): boolean {
  if (actual === 'dyn' || expected === 'dyn') return true
  if (typeof actual === 'string' || typeof expected === 'string') return actual === expected
  if ('list' in actual) return 'list' in expected && isAssignable(actual.list, expected.list)
  if (!('map' in expected)) return false
  return isAssignable(actual.map[0], expected.map[0]) && isAssignable(actual.map[1], expected.map[1])
}

const NUMERIC: readonly Type[] = ['int', 'uint', 'double']

/** True unless it is known that no values of the two types are equal. */
export function isComparable(left: Type, right: Type): boolean {
  if (left === 'null' || right === 'null') return true
  if (typeof left === 'object' && typeof right === 'object') {
    if ('list' in left) return 'list' in right && isComparable(left.list, right.list)
    return (
      'map' in right && isComparable(left.map[0], right.map[0]) && isComparable(left.map[1], right.map[1])
    )
  }
  return isAssignable(left, right) || (NUMERIC.includes(left) && NUMERIC.includes(right))
}

/** The type of what is one of these: the common one, else `dyn`. */
export function join(types: readonly Type[]): Type {
  const [first, ...others] = types
  if (first === undefined) return 'dyn'
  return others.every((other) => formatType(other) === formatType(first)) ? first : 'dyn'
}
