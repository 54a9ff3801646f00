/** A set of JSON types as bits. */
export const Kind = {
  null: 1,
  boolean: 2,
  integer: 4,
  number: 8,
  string: 16,
  array: 32,
  object: 64,
} as const

export type Kinds = number

/** Nothing is known: every type. */
export const ANY_KIND: Kinds = 127

const BY_NAME: Readonly<Record<string, Kinds>> = { ...Kind, number: Kind.number | Kind.integer }

/** The set that a `type` keyword names: one name or a list. */
export function kindsOfType(type: unknown): Kinds {
  const names: readonly unknown[] = Array.isArray(type) ? type : [type]
  return names.reduce<Kinds>((set, name) => set | (BY_NAME[String(name)] ?? 0), 0)
}

/** The type of one value. */
export function kindOf(value: unknown): Kinds {
  if (value === null) return Kind.null
  if (Array.isArray(value)) return Kind.array
  switch (typeof value) {
    case 'boolean':
      return Kind.boolean
    case 'number':
      return Number.isInteger(value) ? Kind.integer | Kind.number : Kind.number
    case 'string':
      return Kind.string
    default:
      return Kind.object
  }
}
