import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type {
  JsonSchema,
  Parameter,
  ParameterLocation,
  ParameterStyle,
} from '../../../../src/domain/index.ts'
import { createRequestValidator, createValidators } from '../../../../src/runtime/validate/index.ts'
import { gatewayRequest } from '../../../support/gateway-request.ts'
import { parameter } from '../../../support/plan-artifact.ts'

const shades = ['blue', 'black', 'brown']
const rgb = { R: 100, G: 200, B: 150 }

const types = {
  string: { type: 'string' },
  array: { type: 'array', items: { type: 'string' } },
  object: {
    type: 'object',
    properties: { R: { type: 'integer' }, G: { type: 'integer' }, B: { type: 'integer' } },
  },
} as const

/** Rows of "Style Examples" (OpenAPI 3.1.1 §4.8.12.4, 3.2 for `cookie`); the value is what must come out. */
const table: readonly [ParameterLocation, ParameterStyle, boolean, keyof typeof types, string, unknown][] = [
  ['path', 'matrix', false, 'string', ';color', ''],
  ['path', 'matrix', false, 'string', ';color=blue', 'blue'],
  ['path', 'matrix', false, 'array', ';color=blue,black,brown', shades],
  ['path', 'matrix', false, 'object', ';color=R,100,G,200,B,150', rgb],
  ['path', 'matrix', true, 'string', ';color', ''],
  ['path', 'matrix', true, 'string', ';color=blue', 'blue'],
  ['path', 'matrix', true, 'array', ';color=blue;color=black;color=brown', shades],
  ['path', 'matrix', true, 'object', ';R=100;G=200;B=150', rgb],
  ['path', 'label', false, 'string', '.', ''],
  ['path', 'label', false, 'string', '.blue', 'blue'],
  ['path', 'label', false, 'array', '.blue,black,brown', shades],
  ['path', 'label', false, 'object', '.R,100,G,200,B,150', rgb],
  ['path', 'label', true, 'string', '.', ''],
  ['path', 'label', true, 'string', '.blue', 'blue'],
  ['path', 'label', true, 'array', '.blue.black.brown', shades],
  ['path', 'label', true, 'object', '.R=100.G=200.B=150', rgb],
  ['path', 'simple', false, 'string', 'blue', 'blue'],
  ['path', 'simple', false, 'array', 'blue,black,brown', shades],
  ['path', 'simple', false, 'object', 'R,100,G,200,B,150', rgb],
  ['path', 'simple', true, 'string', 'blue', 'blue'],
  ['path', 'simple', true, 'array', 'blue,black,brown', shades],
  ['path', 'simple', true, 'object', 'R=100,G=200,B=150', rgb],
  ['header', 'simple', false, 'string', '', ''],
  ['header', 'simple', false, 'string', 'blue', 'blue'],
  ['header', 'simple', false, 'array', 'blue, black,brown', shades],
  ['header', 'simple', false, 'object', 'R,100,G,200,B,150', rgb],
  ['header', 'simple', true, 'array', 'blue,black,brown', shades],
  ['header', 'simple', true, 'object', 'R=100,G=200,B=150', rgb],
  ['query', 'form', false, 'string', 'color=', ''],
  ['query', 'form', false, 'string', 'color=blue', 'blue'],
  ['query', 'form', false, 'array', 'color=blue,black,brown', shades],
  ['query', 'form', false, 'object', 'color=R,100,G,200,B,150', rgb],
  ['query', 'form', true, 'string', 'color=', ''],
  ['query', 'form', true, 'string', 'color=blue', 'blue'],
  ['query', 'form', true, 'array', 'color=blue&color=black&color=brown', shades],
  ['query', 'form', true, 'object', 'R=100&G=200&B=150', rgb],
  ['query', 'spaceDelimited', false, 'array', 'color=blue%20black%20brown', shades],
  ['query', 'spaceDelimited', false, 'array', 'color=blue+black+brown', shades],
  ['query', 'spaceDelimited', false, 'object', 'color=R%20100%20G%20200%20B%20150', rgb],
  ['query', 'pipeDelimited', false, 'array', 'color=blue%7Cblack%7Cbrown', shades],
  ['query', 'pipeDelimited', false, 'array', 'color=blue|black|brown', shades],
  ['query', 'pipeDelimited', false, 'object', 'color=R%7C100%7CG%7C200%7CB%7C150', rgb],
  ['query', 'deepObject', true, 'object', 'color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150', rgb],
  ['query', 'deepObject', true, 'object', 'color[R]=100&color[G]=200&color[B]=150', rgb],
  ['cookie', 'form', false, 'string', 'color=blue', 'blue'],
  ['cookie', 'form', false, 'array', 'color=blue,black,brown', shades],
  ['cookie', 'form', false, 'object', 'color=R,100,G,200,B,150', rgb],
  ['cookie', 'form', true, 'string', 'color=blue', 'blue'],
  ['cookie', 'form', true, 'array', 'color=blue&color=black&color=brown', shades],
  ['cookie', 'form', true, 'object', 'R=100&G=200&B=150', rgb],
  ['cookie', 'cookie', false, 'string', 'color=blue', 'blue'],
  ['cookie', 'cookie', false, 'array', 'color=blue,black,brown', shades],
  ['cookie', 'cookie', false, 'object', 'color=R,100,G,200,B,150', rgb],
  ['cookie', 'cookie', true, 'string', 'color=blue', 'blue'],
  ['cookie', 'cookie', true, 'array', 'color=blue; color=black; color=brown', shades],
  ['cookie', 'cookie', true, 'object', 'R=100; G=200; B=150', rgb],
]

/** The reasons a wire text is refused for; the schema is the judge of the value that was read. */
function reasons(members: Partial<Parameter> & Pick<Parameter, 'in'>, schema: JsonSchema, wire: string) {
  const declared = parameter('color', members.in, { ...members, schema: 0 })
  const plan = { schemas: [schema], validators: createValidators([schema]) }
  const validator = createRequestValidator({ parameters: [declared], body: null }, ['color'], plan)
  const headers = members.in === 'cookie' ? ['Cookie', wire] : members.in === 'header' ? ['COLOR', wire] : []
  const isQuery = members.in === 'query' || members.in === 'querystring'
  const request = gatewayRequest({ query: isQuery ? wire : '', headers })
  const captures = members.in === 'path' ? [wire] : []
  return validator.check(request, captures, null).map(({ pointer, reason }) => `${pointer} ${reason}`)
}

describe('parameter styles', () => {
  for (const [location, style, explode, type, wire, value] of table) {
    it(`${location} ${style}${explode ? '*' : ''} ${type}: ${JSON.stringify(wire)}`, () => {
      const rule = { in: location, style, explode }
      assert.deepEqual(reasons(rule, { ...types[type], const: value } as JsonSchema, wire), [])
      const other = { ...types[type], const: 'another value' } as JsonSchema
      assert.equal(reasons(rule, other, wire).length, 1, 'the value is judged')
    })
  }

  it('keep an escaped delimiter in its piece', () => {
    const schema = { type: 'array', items: { type: 'string' }, const: ['a,b', 'c'] } as const
    assert.deepEqual(reasons({ in: 'query', style: 'form', explode: false }, schema, 'color=a%2Cb,c'), [])
    assert.deepEqual(reasons({ in: 'path', style: 'simple' }, schema, 'a%2Cb,c'), [])
  })

  it('coerce the items of arrays and the members of objects', () => {
    const integers = { type: 'array', items: { type: 'integer' } }
    assert.deepEqual(reasons({ in: 'query' }, { ...integers, const: [1, 2] }, 'color=1&color=2'), [])
    assert.deepEqual(reasons({ in: 'query' }, integers, 'color=1&color=x'), [
      '/query/color/1 must be integer',
    ])
  })
})

describe('typed values', () => {
  const accepts = (schema: JsonSchema, text: string) =>
    reasons({ in: 'query' }, schema, `color=${text}`).length === 0

  it('are integers by their exact grammar', () => {
    const integer = { type: 'integer' }
    for (const text of ['0', '10', '-1', '9007199254740993']) assert.equal(accepts(integer, text), true, text)
    for (const text of ['ten', '', '1.0', '1e2', '01', '+1', '0x1', ' 1', '1 ', '1_0', 'NaN', '١'])
      assert.equal(accepts(integer, encodeURIComponent(text)), false, text)
  })

  it('are numbers by the grammar of JSON', () => {
    const number = { type: 'number' }
    for (const text of ['0.5', '-1e3', '2E-2']) assert.equal(accepts(number, text), true, text)
    for (const text of ['.5', '1.', 'Infinity', '1e999', '']) assert.equal(accepts(number, text), false, text)
  })

  it('are booleans only as true and false', () => {
    const boolean = { type: 'boolean' }
    assert.equal(accepts(boolean, 'true') && accepts(boolean, 'false'), true)
    for (const text of ['1', '0', 'yes', 'TRUE', '']) assert.equal(accepts(boolean, text), false, text)
  })

  it('are null as the empty text, where text is not allowed', () => {
    assert.equal(accepts({ type: ['integer', 'null'] }, ''), true)
    assert.equal(accepts({ type: ['string', 'null'], const: '' }, ''), true)
  })

  it('are looked up through $ref, allOf, anyOf, oneOf, const and enum', () => {
    const defs = { $defs: { count: { type: 'integer' } } }
    for (const schema of [
      { ...defs, $ref: '#/$defs/count' },
      { ...defs, allOf: [{ $ref: '#/$defs/count' }, { minimum: 5 }] },
      { oneOf: [{ type: 'boolean' }, { type: 'integer' }] },
      {
        anyOf: [
          { type: 'integer', maximum: 5 },
          { type: 'integer', minimum: 7 },
        ],
      },
      { const: 7 },
      { enum: [6, 7] },
    ])
      assert.equal(accepts(schema, '7'), true, JSON.stringify(schema))
    assert.equal(accepts({ enum: [6, 8] }, '7'), false)
  })

  it('may be a text where the number does not fit', () => {
    const schema = {
      anyOf: [
        { type: 'integer', maximum: 5 },
        { type: 'string', pattern: '^\\d{3}$' },
      ],
    }
    assert.deepEqual(
      ['5', '123', '12'].map((text) => accepts(schema, text)),
      [true, true, false],
    )
  })

  it('may be one text or a list of them', () => {
    const schema = { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 2 }] }
    assert.deepEqual(reasons({ in: 'query' }, schema, 'color=a'), [])
    assert.deepEqual(reasons({ in: 'query' }, schema, 'color=a&color=b'), [])
  })

  it('follow a recursive schema', () => {
    const schema = {
      $defs: {
        node: { type: 'object', properties: { id: { type: 'integer' }, next: { $ref: '#/$defs/node' } } },
      },
      $ref: '#/$defs/node',
    }
    assert.deepEqual(reasons({ in: 'query', style: 'deepObject' }, schema, 'color[id]=1'), [])
    assert.deepEqual(reasons({ in: 'query', style: 'deepObject' }, schema, 'color[id]=x'), [
      '/query/color/id must be integer',
    ])
  })
})

describe('what has two readings', () => {
  const text = { type: 'string' }

  it('is refused: a single value that comes twice', () => {
    assert.deepEqual(reasons({ in: 'query' }, text, 'color=a&color=b'), [
      '/query/color is given more than once',
    ])
    assert.deepEqual(reasons({ in: 'cookie' }, text, 'color=a; color=b'), [
      '/cookie/color is given more than once',
    ])
    assert.deepEqual(reasons({ in: 'query', explode: false }, text, 'color=a&color=b'), [
      '/query/color is given more than once',
    ])
  })

  it('is refused: a broken escape', () => {
    assert.deepEqual(reasons({ in: 'query' }, text, 'color=%zz'), [
      '/query/color has a malformed percent-escape',
    ])
    assert.deepEqual(reasons({ in: 'query' }, text, 'color=%ff'), [
      '/query/color has a malformed percent-escape',
    ])
    assert.deepEqual(reasons({ in: 'query' }, text, '%zz=1'), [
      '/query has a name with a malformed percent-escape',
    ])
  })

  it('is refused: styles that were not followed', () => {
    assert.deepEqual(reasons({ in: 'path', style: 'label' }, text, 'blue'), [
      '/path/color must begin with a dot',
    ])
    assert.deepEqual(reasons({ in: 'path', style: 'matrix' }, text, 'blue'), [
      '/path/color must begin with a semicolon',
    ])
    assert.deepEqual(reasons({ in: 'path', style: 'matrix' }, text, ';size=1'), [
      '/path/color must be written as ;color=value',
    ])
    assert.deepEqual(reasons({ in: 'query', style: 'deepObject' }, types.object, 'color=R,1'), [
      '/query/color must be written as color[member]=value',
    ])
    assert.deepEqual(reasons({ in: 'query', style: 'deepObject' }, types.object, 'color[R][x]=1'), [
      '/query/color must not be nested',
    ])
    assert.deepEqual(reasons({ in: 'path' }, types.object, 'R,1,G'), [
      '/path/color must be a list of names and values',
    ])
  })

  it('is no way into the prototype', () => {
    const closed = { type: 'object', properties: { R: { type: 'integer' } }, additionalProperties: false }
    assert.deepEqual(reasons({ in: 'query', style: 'deepObject' }, closed, 'color[__proto__]=1'), [
      '/query/color/__proto__ is not a declared member',
    ])
    const required = { type: 'object', required: ['constructor'] }
    assert.equal(reasons({ in: 'query', style: 'deepObject' }, required, 'color[a]=1').length, 1)
  })
})

describe('plus signs', () => {
  it('are spaces in a query, unless reserved characters may stand there', () => {
    assert.deepEqual(reasons({ in: 'query' }, { type: 'string', const: 'a b' }, 'color=a+b'), [])
    assert.deepEqual(
      reasons({ in: 'query', allow_reserved: true }, { type: 'string', const: 'a+b' }, 'color=a+b'),
      [],
    )
    assert.deepEqual(reasons({ in: 'path' }, { type: 'string', const: 'a+b' }, 'a+b'), [])
  })
})

describe('parameters described by content', () => {
  const schema = { type: 'object', properties: { id: { type: 'integer' } } }
  const json = { media_type: 'application/json' }

  it('are JSON, not coerced', () => {
    assert.deepEqual(reasons({ in: 'query', ...json }, schema, 'color=%7B%22id%22:1%7D'), [])
    assert.deepEqual(reasons({ in: 'query', ...json }, schema, 'color=%7B%22id%22:%221%22%7D'), [
      '/query/color/id must be integer',
    ])
    assert.deepEqual(reasons({ in: 'query', ...json }, schema, 'color=%7B'), [
      '/query/color is not valid JSON: the text ends where a member name in quotes is expected at line 1, column 2',
    ])
    assert.deepEqual(reasons({ in: 'header', ...json }, schema, '{"id": 1}'), [])
    assert.deepEqual(reasons({ in: 'cookie', ...json }, schema, 'color=%7B%22id%22:1%7D'), [])
    assert.deepEqual(reasons({ in: 'path', ...json }, schema, '%7B%22id%22:1%7D'), [])
  })

  it('may be the whole query string', () => {
    const form = { in: 'querystring', media_type: 'application/x-www-form-urlencoded' } as const
    assert.deepEqual(reasons(form, { ...schema, const: { id: 7, q: 'a b' } }, 'id=7&q=a+b'), [])
    assert.deepEqual(reasons(form, schema, 'id=x'), ['/querystring/color/id must be integer'])
    assert.deepEqual(reasons({ in: 'querystring', ...json }, schema, '%7B%22id%22:1%7D'), [])
  })
})

describe('an exploded object beside other parameters', () => {
  it('takes the names that are nobody else’s, where it is open', () => {
    const filter = { type: 'object', additionalProperties: { type: 'integer' }, const: { a: 1, b: 2 } }
    const schemas: JsonSchema[] = [filter, { type: 'string' }]
    const parameters = [parameter('filter', 'query', { schema: 0 }), parameter('q', 'query', { schema: 1 })]
    const plan = { schemas, validators: createValidators(schemas) }
    const validator = createRequestValidator({ parameters, body: null }, [], plan)
    assert.deepEqual(validator.check(gatewayRequest({ query: 'a=1&q=x&b=2' }), [], null), [])
    assert.equal(validator.check(gatewayRequest({ query: 'a=1&c=2' }), [], null).length, 1)
  })
})

describe('headers and absence', () => {
  it('takes header names without regard to case and joins repeated fields', () => {
    assert.deepEqual(reasons({ in: 'header' }, { type: 'integer' }, '5'), [])
    assert.deepEqual(reasons({ in: 'header' }, { type: 'integer' }, 'x'), ['/header/color must be integer'])
  })

  it('asks for what is required only', () => {
    assert.deepEqual(reasons({ in: 'query', required: true }, true, ''), ['/query/color is required'])
    assert.deepEqual(reasons({ in: 'query' }, true, ''), [])
  })
})
