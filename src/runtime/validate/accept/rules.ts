import type { Names } from './names.ts'

/** What a schema asks of values, one kind of value at a time. */
export class ValueRules {
  /** Undefined where no value of the kind is accepted. */
  text: TextRules | undefined
  number: NumberRules | undefined
  object: ObjectRules | undefined
  list: ListRules | undefined
  isTrueAccepted = false
  isFalseAccepted = false
  isNullAccepted = false
  /** What else the same value has to satisfy. */
  all: readonly ValueRules[] = NONE
  /** Of each of these lists the same value has to satisfy one. */
  any: readonly (readonly ValueRules[])[] = NONE
}

const NONE = [] as const

export interface TextRules {
  /** Nothing is asked of the text but that it is one. */
  readonly isFree: boolean
  /** In code points. */
  readonly minLength: number
  readonly maxLength: number
  /** The texts that are accepted; undefined where any is. */
  readonly allowed: ReadonlySet<string> | undefined
  /** Patterns and formats. */
  readonly tests: readonly ((text: string) => boolean)[]
}

export interface NumberRules {
  readonly isInteger: boolean
  readonly minimum: number
  readonly maximum: number
  /** Bounds that do not belong to what is accepted. */
  readonly above: number
  readonly below: number
  readonly allowed: ReadonlySet<number> | undefined
  readonly tests: readonly ((value: number) => boolean)[]
}

export interface ObjectRules {
  readonly names: Names<ValueRules>
  /** The bits of the properties that have to be there. */
  readonly required: number
  /** Of a property that the schema does not name; undefined where there may be none. */
  readonly rest: ValueRules | undefined
  readonly minProperties: number
  readonly maxProperties: number
}

export interface ListRules {
  readonly items: ValueRules
  readonly minItems: number
  readonly maxItems: number
}
