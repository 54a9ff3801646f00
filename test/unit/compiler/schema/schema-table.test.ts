import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createSchemaTable } from '../../../../src/compiler/schema/index.ts'
import { formatLocation, resolvePointer, type JsonSchema } from '../../../../src/domain/index.ts'
import { compileSchema } from '../../../../src/runtime/validate/validators.ts'
import { documentSet } from '../../../support/documents.ts'

const head = (version: string) => `openapi: ${version}\ninfo: { title: t, version: '1' }\n`

interface Case {
  readonly version?: string
  readonly files?: Readonly<Record<string, string>>
  /** Pointers of the schemas that are added. */
  readonly at?: readonly string[]
}

/** Adds the schema at `/components/schemas/X` (or others) of one document. */
function tableOf(
  schemas: string,
  { version = '3.1.0', files = {}, at = ['/components/schemas/X'] }: Case = {},
) {
  const set = documentSet({ 'api.yaml': `${head(version)}components:\n  schemas:\n${schemas}`, ...files })
  const [document] = set.roots
  assert.ok(document)
  const table = createSchemaTable(set)
  const indices = at.map((pointer) =>
    table.add(
      [{ document, pointer, value: resolvePointer(document.root, pointer) }],
      version.startsWith('3.0') ? '3.0' : '2020-12',
    ),
  )
  const { texts, findings } = table.finish()
  return {
    indices,
    schemas: texts.map((text) => JSON.parse(text) as JsonSchema),
    findings: findings.map(({ at, message }) => `${formatLocation(at)} ${message}`),
  }
}

function schemaOf(schemas: string, options: Case = {}) {
  const { schemas: made, findings } = tableOf(schemas, options)
  assert.deepEqual(findings, [])
  return made[0]
}

describe('schemas of a plan', () => {
  it('hold what they reach and nothing else', () => {
    const schema = schemaOf(`
    X: { title: T, type: object, x-go: 1, properties: { a: { $ref: '#/components/schemas/A' }, title: { type: string, example: e } } }
    A: { description: d, type: array, items: { $ref: '#/components/schemas/B' } }
    B: { type: integer, format: int32, default: 1 }
    C: { type: string }
`)
    assert.deepEqual(schema, {
      type: 'object',
      properties: { a: { $ref: '#/$defs/A' }, title: { type: 'string' } },
      $defs: {
        A: { type: 'array', items: { $ref: '#/$defs/B' } },
        B: { type: 'integer', format: 'int32', default: 1 },
      },
    })
  })

  it('may refer to themselves', () => {
    const schema = schemaOf(`
    X: { $ref: '#/components/schemas/Tree' }
    Tree: { type: object, required: [name], properties: { name: { type: string }, children: { type: array, items: { $ref: '#/components/schemas/Tree' } } } }
`)
    assert.ok(schema !== undefined)
    const validate = compileSchema(schema)
    assert.equal(validate({ name: 'a', children: [{ name: 'b', children: [] }] }), undefined)
    assert.deepEqual(
      validate({ name: 'a', children: [{ name: 'b', children: [{}] }] })?.map((fault) => fault.pointer),
      ['/children/0/children/0'],
    )
  })

  it('follow references into other files and give equal names numbers', () => {
    const schema = schemaOf(
      `    X: { properties: { a: { $ref: 'parts/p.yaml#/A' }, b: { $ref: '#/components/schemas/A' }, c: { $ref: 'parts/whole thing.yaml' } } }
    A: { type: string }
`,
      {
        files: {
          'parts/p.yaml': "A: { items: { $ref: '#/a~1b' } }\na/b: { type: integer }\n",
          'parts/whole thing.yaml': "anyOf: [{ $ref: 'p.yaml#/A' }]\n",
        },
      },
    )
    assert.deepEqual(schema, {
      properties: {
        a: { $ref: '#/$defs/A' },
        b: { $ref: '#/$defs/A_2' },
        c: { $ref: '#/$defs/whole_thing' },
      },
      $defs: {
        A: { items: { $ref: '#/$defs/a_b' } },
        a_b: { type: 'integer' },
        A_2: { type: 'string' },
        whole_thing: { anyOf: [{ $ref: '#/$defs/A' }] },
      },
    })
  })

  it('are listed once, and not at all where they accept anything', () => {
    const { indices, schemas } = tableOf(
      `
    X: { type: string, description: one }
    Y: { description: two, type: string }
    Z: { type: integer }
    Any: { description: whatever }
    R1: { $ref: '#/components/schemas/Z' }
    R2: { $ref: '#/components/schemas/Z' }
    Yes: true
    No: false
`,
      { at: ['X', 'Y', 'Z', 'Any', 'R1', 'R2', 'Yes', 'No'].map((name) => `/components/schemas/${name}`) },
    )
    assert.deepEqual(indices, [0, 0, 1, null, 2, 2, null, 3])
    assert.deepEqual(schemas, [
      { type: 'string' },
      { type: 'integer' },
      { $ref: '#/$defs/Z', $defs: { Z: { type: 'integer' } } },
      false,
    ])
  })

  it('keep members that are called like keywords, and data as it is', () => {
    const schema = schemaOf(`
    X:
      properties: { $ref: { type: string }, description: { type: string }, __proto__: { type: integer } }
      enum: [{ $ref: '#/x', description: d }]
      default: { title: t }
`)
    assert.equal(
      JSON.stringify(schema),
      '{"default":{"title":"t"},"enum":[{"$ref":"#/x","description":"d"}],"properties":{"$ref":{"type":"string"},"__proto__":{"type":"integer"},"description":{"type":"string"}}}',
    )
  })

  it('leave readOnly properties out of what is required', () => {
    const schema = schemaOf(`
    X:
      allOf:
        - $ref: '#/components/schemas/Base'
        - { required: [id, name], properties: { name: { type: string } } }
      required: [created, name]
    Base: { required: [id, kind], properties: { id: { readOnly: true, type: integer }, kind: {}, created: { $ref: '#/components/schemas/Time' } } }
    Time: { type: string, readOnly: true }
`)
    assert.deepEqual(schema, {
      allOf: [{ $ref: '#/$defs/Base' }, { required: ['name'], properties: { name: { type: 'string' } } }],
      required: ['name'],
      $defs: {
        Base: {
          required: ['kind'],
          properties: {
            id: { readOnly: true, type: 'integer' },
            kind: {},
            created: { $ref: '#/$defs/Time' },
          },
        },
        Time: { type: 'string', readOnly: true },
      },
    })
  })

  it('keep the branches of a discriminator', () => {
    const schema = schemaOf(`
    X:
      oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }]
      discriminator: { propertyName: kind, mapping: { cat: Cat, dog: '#/components/schemas/Dog', cow: Cow } }
    Cat: { type: object }
    Dog: { type: object }
    Cow: { type: object }
`)
    assert.deepEqual((schema as Record<string, unknown>)['discriminator'], {
      propertyName: 'kind',
      mapping: { cat: '#/$defs/Cat', dog: '#/$defs/Dog' },
    })
  })
})

describe('schemas of OpenAPI 3.0', () => {
  const old = { version: '3.0.3' }

  it('become JSON Schema 2020-12', () => {
    const schema = schemaOf(
      `
    X:
      properties:
        a: { type: string, nullable: true, enum: [x, y] }
        b: { nullable: true, allOf: [{ $ref: '#/components/schemas/A' }] }
        c: { type: number, minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false }
        d: { $ref: '#/components/schemas/A', nullable: true, description: ignored }
        e: { type: integer, nullable: false, example: 3 }
        f: { nullable: true, enum: [1, null] }
    A: { type: integer }
`,
      old,
    )
    assert.deepEqual(schema, {
      properties: {
        a: { type: ['string', 'null'], enum: ['x', 'y', null] },
        b: { anyOf: [{ type: 'null' }, { allOf: [{ $ref: '#/$defs/A' }] }] },
        c: { type: 'number', exclusiveMinimum: 1, maximum: 9 },
        d: { $ref: '#/$defs/A' },
        e: { type: 'integer' },
        f: { enum: [1, null] },
      },
      $defs: { A: { type: 'integer' } },
    })
  })

  it('are those of files that a 3.0 description refers to', () => {
    const files = { 'p.yaml': 'A: { type: string, nullable: true }\n' }
    const schemas = "    X: { $ref: 'p.yaml#/A' }\n"
    const defs = (schema: unknown) => (schema as { $defs: unknown }).$defs
    assert.deepEqual(defs(schemaOf(schemas, { ...old, files })), { A: { type: ['string', 'null'] } })
    assert.deepEqual(defs(schemaOf(schemas, { files })), { A: { type: 'string' } })
  })

  it('have siblings of $ref from 3.1 on', () => {
    const schemas = `    X: { $ref: '#/components/schemas/A', minLength: 2 }\n    A: { type: string }\n`
    const $defs = { A: { type: 'string' } }
    assert.deepEqual(schemaOf(schemas, old), { $ref: '#/$defs/A', $defs })
    assert.deepEqual(schemaOf(schemas), { $ref: '#/$defs/A', minLength: 2, $defs })
  })
})

describe('schemas that cannot be used', () => {
  it('are found where they are written', () => {
    assert.deepEqual(
      tableOf(
        `
    X: { properties: { a: { $ref: '#/components/schemas/A' }, b: { $ref: 'p.yaml#/B' } } }
    A:
      type: strng
      minLength: -1
`,
        { files: { 'p.yaml': 'B:\n  items:\n    required: name\n' } },
      ).findings,
      [
        'api.yaml:8:13 The schema is not valid here: must be equal to one of the allowed values: array, boolean, integer, null, number, object, string',
        'api.yaml:9:18 The schema is not valid here: must be >= 0',
        'p.yaml:3:15 The schema is not valid here: must be array',
      ],
    )
  })

  it('are found below what was rewritten', () => {
    const schemas = `
    X: { nullable: true, allOf: [{ type: object }], properties: { a: { maxLength: x } } }
`
    assert.deepEqual(tableOf(schemas, { version: '3.0.3' }).findings, [
      'api.yaml:6:83 The schema is not valid here: must be integer',
    ])
  })

  it('are those with patterns that are none', () => {
    assert.deepEqual(
      tableOf("    X: { pattern: '(', patternProperties: { '[': {}, '^[\\w\\-.]+$': {} } }\n").findings,
      [
        'api.yaml:5:19 The pattern "(" is not valid: Unterminated group',
        'api.yaml:5:50 The pattern "[" is not valid: Unterminated character class',
      ],
    )
  })

  it('are those that ask for rules which are not there', () => {
    const { findings } = tableOf(`
    X:
      $schema: http://json-schema.org/draft-07/schema#
      properties: { a: { $recursiveRef: '#' }, b: { $id: 'urn:b', items: { $ref: '#/components/schemas/A' } }, c: { $id: c, type: string } }
    A: {}
`)
    assert.deepEqual(findings, [
      'api.yaml:7:16 `$schema` asks for the dialect "http://json-schema.org/draft-07/schema#", which is not supported',
      'api.yaml:8:41 `$recursiveRef` has no meaning in JSON Schema 2020-12',
      'api.yaml:8:82 Nothing stands at "#/components/schemas/A"',
    ])
  })

  it('are those whose validation would never end', () => {
    const { findings } = tableOf(`
    X: { items: { $ref: '#/components/schemas/Pet' } }
    Pet: { oneOf: [{ $ref: '#/components/schemas/Cat' }] }
    Cat: { allOf: [{ $ref: '#/components/schemas/Pet' }, { type: object }] }
`)
    assert.equal(findings.length, 1)
    assert.match(findings[0] ?? '', /^api.yaml:7:10 The schema refers to itself for the same value/)
  })

  it('are those that are no schemas', () => {
    assert.match(
      tableOf('    X: { items: 3, not: null }\n').findings[0] ?? '',
      /:5:17 A schema is an object or a boolean, not 3/,
    )
    assert.match(
      tableOf('    X: { allOf: { a: 1 } }\n').findings[0] ?? '',
      /:5:17 The schema is not valid here: must be array/,
    )
  })

  it('are those that reach too much to be compiled', () => {
    const chain = (length: number) =>
      Array.from(
        { length },
        (_, index) => `    S${index}: { items: { $ref: '#/components/schemas/S${index + 1}' } }\n`,
      )
    const of = (length: number) =>
      tableOf(`    X: { $ref: '#/components/schemas/S0' }\n${chain(length).join('')}    S${length}: {}\n`)
    assert.deepEqual(of(100).findings, [])
    assert.deepEqual(of(1500).findings, [
      'api.yaml:5:8 The schema is not valid here: it refers to too many schemas, each within the other',
    ])
    assert.deepEqual(of(2500).findings, [
      'api.yaml:5:8 The schema refers, by way of others, to more than 2000 schemas',
    ])
  })

  it('are those with patterns that nothing makes safe', () => {
    assert.deepEqual(tableOf(`    X: { pattern: '(a)\\1' }\n`).findings, [
      'api.yaml:5:19 The pattern "(a)\\\\1" may take exponential time, and cannot be matched in another way',
    ])
    assert.match(
      tableOf(`    X: { patternProperties: { '^(?!x)(a+)+$': {} } }\n`).findings[0] ?? '',
      /^api.yaml:5:\d+ The pattern "\^\(\?!x\)\(a\+\)\+\$" may take exponential time/,
    )
    assert.deepEqual(tableOf(`    X: { pattern: '^(a+)+$' }\n`).findings, [])
  })

  it('are not those that the fast engine alone refuses', () => {
    const schema = schemaOf('    X: { enum: [] }\n')
    assert.deepEqual(
      compileSchema(schema ?? true)(1)?.[0]?.reason,
      'must be equal to one of the allowed values: []',
    )
  })
})
