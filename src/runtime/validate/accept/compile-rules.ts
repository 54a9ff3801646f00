import { isObject, type JsonSchema } from '../../../domain/index.ts'
import { formatOf } from '../exact/formats.ts'
import { isMultipleOf } from '../exact/multiple-of.ts'
import type { MakePattern } from '../make-pattern.ts'
import { Names } from './names.ts'
import { ValueRules, type ListRules, type NumberRules, type ObjectRules, type TextRules } from './rules.ts'

type Schema = Readonly<Record<string, unknown>>

/** What is understood; of a schema that says anything else nothing is accepted here. */
const KEYWORDS = new Set(
  (
    'type enum const $ref allOf anyOf oneOf properties required additionalProperties minProperties maxProperties ' +
    'items minItems maxItems minLength maxLength pattern format minimum maximum exclusiveMinimum exclusiveMaximum ' +
    'multipleOf $defs title description default example examples deprecated readOnly writeOnly $comment externalDocs ' +
    'xml contentMediaType contentEncoding'
  ).split(' '),
)
const MAX_REQUIRED = 31
const KINDS = ['string', 'number', 'object', 'array', 'boolean', 'null']

/** Rules by which bytes can be accepted; undefined for a schema that has more to say than they can. */
export function compileRules(schema: JsonSchema, makePattern: MakePattern): ValueRules | undefined {
  const compiler = new RulesCompiler(schema, makePattern)
  const rules = compiler.compile(schema)
  return compiler.isUnderstood ? rules : undefined
}

/** Rules of what may be anything, down to its last member. */
export const FREE = freeRules()

class RulesCompiler {
  isUnderstood = true
  readonly #root: JsonSchema
  readonly #makePattern: MakePattern
  readonly #targets = new Map<string, ValueRules>()

  constructor(root: JsonSchema, makePattern: MakePattern) {
    this.#root = root
    this.#makePattern = makePattern
  }

  compile(schema: unknown): ValueRules {
    const rules = new ValueRules()
    this.#fill(rules, schema)
    return rules
  }

  #fill(rules: ValueRules, schema: unknown): void {
    if (schema === true) Object.assign(rules, FREE)
    else if (isObject(schema)) this.#fillFrom(rules, schema)
  }

  #fillFrom(rules: ValueRules, schema: Schema): void {
    if (Object.keys(schema).some((keyword) => !KEYWORDS.has(keyword) && !keyword.startsWith('x-'))) {
      this.isUnderstood = false
      return
    }
    const kinds = kindsOf(schema)
    const allowed = allowedValues(schema)
    if (kinds.has('string')) rules.text = this.#text(schema, allowed)
    if (kinds.has('number')) rules.number = numberRules(schema, allowed)
    if (kinds.has('object') && allowed === undefined) rules.object = this.#object(schema)
    if (kinds.has('array') && allowed === undefined) rules.list = this.#list(schema)
    const accepts = (kind: string, value: unknown) => kinds.has(kind) && allowed?.includes(value) !== false
    rules.isTrueAccepted = accepts('boolean', true)
    rules.isFalseAccepted = accepts('boolean', false)
    rules.isNullAccepted = accepts('null', null)
    this.#combine(rules, schema)
  }

  /** What other schemas say of the same value. */
  #combine(rules: ValueRules, schema: Schema): void {
    const { $ref, allOf = [], anyOf, oneOf } = schema
    rules.all = [
      ...(typeof $ref === 'string' ? [this.#target($ref)] : []),
      ...(allOf as readonly unknown[]).map((part) => this.compile(part)),
    ]
    rules.any = [anyOf, oneOf].filter(Array.isArray).map((parts) => parts.map((part) => this.compile(part)))
    if (Array.isArray(oneOf) && !areDisjoint(oneOf)) this.isUnderstood = false
  }

  #target(ref: string): ValueRules {
    const known = this.#targets.get(ref)
    if (known !== undefined) return known
    const rules = new ValueRules()
    // It may refer to itself.
    this.#targets.set(ref, rules)
    const root: unknown = this.#root
    const definitions = isObject(root) ? root['$defs'] : undefined
    const name = /^#\/\$defs\/([\w.-]+)$/.exec(ref)?.[1]
    if (ref === '#') this.#fill(rules, root)
    else if (name !== undefined && isObject(definitions) && Object.hasOwn(definitions, name)) {
      this.#fill(rules, definitions[name])
    } else this.isUnderstood = false
    return rules
  }

  #text(schema: Schema, allowed: readonly unknown[] | undefined): TextRules | undefined {
    const { minLength = 0, maxLength = Infinity, pattern, format } = schema
    const texts = allowed?.filter((value) => typeof value === 'string')
    if (texts?.length === 0) return undefined
    const tests: ((text: string) => boolean)[] = []
    if (typeof pattern === 'string') {
      const made = this.#makePattern(pattern, 'u')
      tests.push((text) => made.test(text))
    }
    const check = typeof format === 'string' ? formatOf(format) : undefined
    if (check?.type === 'string') tests.push(check.isValid)
    const isFree = texts === undefined && tests.length === 0 && minLength === 0 && maxLength === Infinity
    return {
      isFree,
      minLength: minLength as number,
      maxLength: maxLength as number,
      allowed: texts && new Set(texts),
      tests,
    }
  }

  #object(schema: Schema): ObjectRules {
    const { properties = {}, required = [], additionalProperties = true } = schema
    const { minProperties = 0, maxProperties = Infinity } = schema
    // How many different members there are is not counted.
    if ((minProperties as number) > 1) this.isUnderstood = false
    const needed = [...new Set(required as readonly string[])]
    if (needed.length > MAX_REQUIRED) this.isUnderstood = false
    const declared = properties as Schema
    const rest = additionalProperties === false ? undefined : this.compile(additionalProperties)
    const all = new Set([...Object.keys(declared), ...needed])
    const names = [...all].flatMap((name) => {
      const rules = Object.hasOwn(declared, name) ? this.compile(declared[name]) : rest
      // What is required and may not be there is never accepted, as nothing takes its bit away.
      return rules === undefined
        ? []
        : [{ bytes: Buffer.from(name), rules, bit: bitOf(needed.indexOf(name)) }]
    })
    return {
      names: new Names(names),
      required: needed.reduce((bits, _, index) => bits | bitOf(index), 0),
      rest,
      minProperties: minProperties as number,
      maxProperties: maxProperties as number,
    }
  }

  #list(schema: Schema): ListRules {
    const { items = true, minItems = 0, maxItems = Infinity } = schema
    return { items: this.compile(items), minItems: minItems as number, maxItems: maxItems as number }
  }
}

function bitOf(index: number): number {
  return index === -1 ? 0 : 1 << index
}

function numberRules(schema: Schema, allowed: readonly unknown[] | undefined): NumberRules | undefined {
  const { minimum = -Infinity, maximum = Infinity } = schema
  const {
    exclusiveMinimum: above = -Infinity,
    exclusiveMaximum: below = Infinity,
    multipleOf,
    format,
  } = schema
  const numbers = allowed?.filter((value) => typeof value === 'number')
  if (numbers?.length === 0) return undefined
  const tests: ((value: number) => boolean)[] = []
  if (typeof multipleOf === 'number') tests.push((value) => isMultipleOf(value, multipleOf))
  const check = typeof format === 'string' ? formatOf(format) : undefined
  if (check?.type === 'number') tests.push(check.isValid)
  return {
    isInteger: typesOf(schema)?.includes('number') === false,
    minimum: minimum as number,
    maximum: maximum as number,
    above: above as number,
    below: below as number,
    allowed: numbers && new Set(numbers),
    tests,
  }
}

function typesOf({ type }: Schema): readonly unknown[] | undefined {
  return type === undefined ? undefined : Array.isArray(type) ? type : [type]
}

/** The kinds of values that a schema accepts by its types; integers are numbers. */
function kindsOf(schema: unknown): ReadonlySet<unknown> {
  if (schema === false) return new Set()
  const types = isObject(schema) ? typesOf(schema) : undefined
  return new Set(types?.map((type) => (type === 'integer' ? 'number' : type)) ?? KINDS)
}

function allowedValues(schema: Schema): readonly unknown[] | undefined {
  const lists = [
    ...(Array.isArray(schema['enum']) ? [schema['enum'] as unknown[]] : []),
    ...(Object.hasOwn(schema, 'const') ? [[schema['const']]] : []),
  ]
  if (lists.length === 0) return undefined
  return (lists[0] as readonly unknown[]).filter((value) => lists.every((list) => list.includes(value)))
}

/** True where no value can satisfy two of the schemas, because none has a kind of another. */
function areDisjoint(schemas: readonly unknown[]): boolean {
  const kinds = schemas.flatMap((schema) => [...kindsOf(schema)])
  return new Set(kinds).size === kinds.length
}

function freeRules(): ValueRules {
  const rules = new ValueRules()
  return Object.assign(rules, {
    text: { isFree: true, minLength: 0, maxLength: Infinity, allowed: undefined, tests: [] },
    number: numberRules({}, undefined),
    object: { names: new Names([]), required: 0, rest: rules, minProperties: 0, maxProperties: Infinity },
    list: { items: rules, minItems: 0, maxItems: Infinity },
    isTrueAccepted: true,
    isFalseAccepted: true,
    isNullAccepted: true,
  })
}
