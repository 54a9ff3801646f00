import fc from 'fast-check'

import { isObject, type JsonObject, type JsonSchema, type JsonValue } from '../../src/domain/index.ts'

const names = ['a', 'b', 'ab']

/** Values of a small world, so that random schemas accept some and refuse some. */
export const smallValues: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<JsonValue>(
      null,
      true,
      false,
      0,
      1,
      2,
      3,
      4,
      1.5,
      '',
      'a',
      'b',
      'ab',
      'aab',
      '2020-01-01',
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 3 }).map((members) => ({ ...members })),
  ),
})).value

/** Self-contained schemas, references and recursion included; without `contains`, which ajv 8.20 gets wrong beside `prefixItems`. */
export const smallSchemas: fc.Arbitrary<JsonSchema> = fc
  .tuple(partialSchema(), partialSchema())
  .map(([root, definition]) => (typeof root === 'boolean' ? root : { ...root, $defs: { D: definition } }))

/** A schema and what somebody made of it. */
export const changedSchemas: fc.Arbitrary<readonly [JsonSchema, JsonSchema]> = fc.oneof(
  fc.tuple(smallSchemas, smallSchemas),
  smallSchemas.chain((schema) => fc.tuple(fc.constant(schema), edit(schema))),
)

function partialSchema(): fc.Arbitrary<JsonSchema> {
  return fc.letrec<{ schema: JsonSchema }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 2, depthSize: 'small', withCrossShrink: true },
      { arbitrary: fc.boolean(), weight: 1 },
      { arbitrary: keywords(tie('schema')), weight: 8 },
    ),
  })).schema
}

function keywords(schema: fc.Arbitrary<JsonSchema>): fc.Arbitrary<JsonObject> {
  const type = fc.constantFrom('null', 'boolean', 'object', 'array', 'number', 'string', 'integer')
  const few = fc.integer({ min: 0, max: 3 })
  const some = fc.array(schema, { minLength: 1, maxLength: 3 })
  const named = (member: fc.Arbitrary<JsonValue>) =>
    fc
      .dictionary(fc.constantFrom(...names), member, { minKeys: 1, maxKeys: 2 })
      .map((members) => ({ ...members }))
  const all = {
    type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
    enum: fc.uniqueArray(fc.constantFrom<JsonValue>(null, 1, 2, 'a', 'b'), { minLength: 1, maxLength: 3 }),
    const: fc.constantFrom<JsonValue>(1, 'a'),
    minimum: few,
    maximum: few,
    exclusiveMinimum: few,
    exclusiveMaximum: few,
    multipleOf: fc.constantFrom(1, 2, 4, 0.5),
    minLength: few,
    maxLength: few,
    pattern: fc.constantFrom('^a', 'b$'),
    format: fc.constantFrom('date', 'uuid'),
    minItems: few,
    maxItems: few,
    uniqueItems: fc.boolean(),
    minProperties: few,
    maxProperties: few,
    required: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }),
    properties: named(schema),
    patternProperties: fc
      .dictionary(fc.constantFrom('^a', 'b'), schema, { minKeys: 1 })
      .map((members) => ({ ...members })),
    additionalProperties: schema,
    propertyNames: schema,
    dependentRequired: named(fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 2 })),
    dependentSchemas: named(schema),
    prefixItems: some,
    items: schema,
    allOf: some,
    anyOf: some,
    oneOf: some,
    not: schema,
    if: schema,
    // oxlint-disable-next-line unicorn/no-thenable
    then: schema,
    else: schema,
    unevaluatedProperties: schema,
    unevaluatedItems: schema,
  }
  const keyword = fc.constantFrom(...(Object.keys(all) as (keyof typeof all)[]))
  const pair = keyword.chain((name) => fc.tuple(fc.constant(name), all[name] as fc.Arbitrary<JsonValue>))
  const inline = fc.array(pair, { maxLength: 4 }).map((pairs) => Object.fromEntries<JsonValue>(pairs))
  // Only below a part of the value: a schema must not refer to itself in place.
  const recursive = fc.constantFrom<JsonObject>(
    { items: { $ref: '#' } },
    { properties: { a: { $ref: '#/$defs/D' } } },
    { additionalProperties: { $ref: '#' } },
  )
  return fc.oneof({ arbitrary: inline, weight: 5 }, { arbitrary: recursive, weight: 1 })
}

/** Replaces, removes or adds keywords somewhere in a schema. */
function edit(schema: JsonSchema): fc.Arbitrary<JsonSchema> {
  if (typeof schema === 'boolean') return smallSchemas
  const { $defs, ...rest } = schema
  return fc
    .tuple(fc.nat(), keywords(partialSchema()), fc.constantFrom('add', 'remove', 'below'))
    .map(([at, other, how]) => {
      const members = Object.keys(rest)
      const chosen = members[at % Math.max(1, members.length)]
      const defs = $defs === undefined ? {} : { $defs }
      if (how === 'add' || chosen === undefined) return { ...rest, ...other, ...defs }
      if (how === 'remove')
        return { ...Object.fromEntries(Object.entries(rest).filter(([name]) => name !== chosen)), ...defs }
      return { ...rest, [chosen]: editBelow(chosen, rest[chosen] as JsonValue, other), ...defs }
    })
}

const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
const MAPS = ['properties', 'patternProperties', 'dependentSchemas']
const VALUES = ['type', 'enum', 'const', 'required', 'dependentRequired', 'pattern', 'format']

/** Changes the first schema that a keyword holds. */
function editBelow(keyword: string, member: JsonValue, other: JsonObject): JsonValue {
  const widened = (schema: JsonValue | undefined): JsonValue =>
    isObject(schema) ? { ...schema, ...other } : other
  if (LISTS.includes(keyword)) {
    const [first, ...more] = member as readonly JsonValue[]
    return [widened(first), ...more]
  }
  if (MAPS.includes(keyword)) {
    const [name = 'a'] = Object.keys(member as JsonObject)
    return { ...(member as JsonObject), [name]: widened((member as JsonObject)[name]) }
  }
  if (VALUES.includes(keyword) || typeof member === 'number') return member
  return keyword === 'uniqueItems' ? !(member as boolean) : widened(member)
}

const anyNames = fc.constantFrom('a', 'b', 'ab', '__proto__', 'constructor')

/** As a parser makes them: `__proto__` is a member like any other. */
function parsed<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return arbitrary.map((value) => JSON.parse(JSON.stringify(value)) as T)
}

/** Values of a small world, with names that objects have by themselves. */
export const anyValues: fc.Arbitrary<JsonValue> = parsed(
  fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<JsonValue>(null, true, false, 0, 1, 2, 3, 1.5, '', 'a', 'b', 'ab', '2020-01-01'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(anyNames, tie('value'), { maxKeys: 3 }),
    ),
  })).value,
)

/** Self-contained schemas of all keywords of JSON Schema 2020-12 that plans have. */
export const anySchemas: fc.Arbitrary<JsonSchema> = parsed(
  fc
    .record({ root: anySchema().filter(isObject), A: anySchema(), B: anySchema() })
    .map(({ root, A, B }): JsonSchema => ({ ...(root as JsonObject), $defs: { A, B } })),
)

function anySchema(): fc.Arbitrary<JsonSchema> {
  return fc.letrec<{ schema: JsonSchema }>((tie) => {
    const one = tie('schema')
    const list = fc.array(one, { minLength: 1, maxLength: 2 })
    const map = fc.dictionary(anyNames, one, { maxKeys: 2 })
    const few = fc.nat({ max: 3 })
    const type = fc.constantFrom('string', 'integer', 'number', 'boolean', 'object', 'array', 'null')
    const each = (keywords: string, values: fc.Arbitrary<unknown>) =>
      keywords.split(' ').map((keyword) => [keyword, values] as const)
    const keywords = [
      ...each('$ref', fc.constantFrom('#/$defs/A', '#/$defs/B')),
      ...each('type', fc.oneof(type, fc.uniqueArray(type, { minLength: 1 }))),
      ...each('enum', fc.array(anyValues, { minLength: 1, maxLength: 3 })),
      ...each('const', anyValues),
      ...each('multipleOf', fc.constantFrom(1, 0.5)),
      ...each('minimum exclusiveMaximum minLength maxLength minItems maxItems minProperties', few),
      ...each('minContains maxContains maxProperties', few),
      ...each('pattern', fc.constantFrom('^a', 'b$')),
      ...each('format', fc.constantFrom('date', 'uuid', 'int32', 'no-such-format')),
      ...each('uniqueItems', fc.boolean()),
      ...each('required', fc.uniqueArray(anyNames)),
      ...each('dependentRequired', fc.dictionary(anyNames, fc.uniqueArray(anyNames))),
      ...each('patternProperties', fc.dictionary(fc.constantFrom('^a', '.'), one, { maxKeys: 2 })),
      ...each('allOf anyOf oneOf prefixItems', list),
      ...each('properties dependentSchemas', map),
      ...each('not if then else additionalProperties items contains propertyNames', one),
    ]
    const member = fc
      .constantFrom(...keywords)
      .chain(([keyword, values]) => values.map((held) => [keyword, held] as const))
    const members = fc
      .array(member, { maxLength: 5 })
      .map((chosen) => Object.fromEntries(chosen) as JsonObject)
    return { schema: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.boolean(), members) }
  }).schema
}
