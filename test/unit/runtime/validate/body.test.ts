import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { JsonSchema, PartEncoding, RequestBody } from '../../../../src/domain/index.ts'
import { createRequestValidator, createValidators } from '../../../../src/runtime/validate/index.ts'
import { gatewayRequest } from '../../../support/gateway-request.ts'
import { body } from '../../../support/plan-artifact.ts'

const JSON_TYPE = ['content-type', 'application/json']
const FORM = 'application/x-www-form-urlencoded'

/** The reasons a body is refused for; a text where its media type is. */
function judge(
  declared: RequestBody,
  schemas: readonly JsonSchema[],
  headers: readonly string[],
  sent: string | Buffer,
) {
  const plan = { schemas, validators: createValidators(schemas) }
  const validator = createRequestValidator({ parameters: [], body: declared }, [], plan)
  const request = gatewayRequest({ method: 'POST', headers, hasBody: sent.length > 0 })
  if (sent.length === 0)
    return validator.check(request, [], null).map(({ pointer, reason }) => `${pointer} ${reason}`)
  const check = validator.bodyCheck(request)
  if (typeof check === 'string') return check
  if (check === null) return []
  const faults = validator.check(request, [], { bytes: Buffer.from(sent), check })
  return faults.map(({ pointer, reason }) => `${pointer} ${reason}`)
}

describe('JSON bodies', () => {
  const tree = {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#' } } },
  }

  it('are validated, recursive schemas too, with the pointer of every fault', () => {
    const declared = body('application/json', 0)
    assert.deepEqual(judge(declared, [tree], JSON_TYPE, '{"name":"a","children":[{"name":"b"}]}'), [])
    assert.deepEqual(judge(declared, [tree], JSON_TYPE, '{"children":[{"name":1},{}]}'), [
      "/body must have required property 'name'",
      '/body/children/0/name must be string',
      "/body/children/1 must have required property 'name'",
    ])
  })

  it('need what `contains` asks for in each of several arrays, in those that are empty, too', () => {
    const lists: JsonSchema = { items: { contains: { type: 'string' } } }
    const [first, second] = ['[["a"],[1,"b"],null]', '[["a"],[],["b"]]'].map((sent) =>
      judge(body('application/json', 0), [lists], JSON_TYPE, sent),
    )
    assert.deepEqual(first, [])
    assert.deepEqual(second, ['/body/1 must contain at least 1 valid item(s)'])
  })

  it('are never coerced', () => {
    assert.deepEqual(judge(body('application/json', 0), [{ type: 'integer' }], JSON_TYPE, '"5"'), [
      '/body must be integer',
    ])
  })

  it('say where their syntax breaks', () => {
    assert.deepEqual(judge(body('application/json', 0), [true], JSON_TYPE, '{"a":\n 01}'), [
      '/body is not valid JSON: expected a comma or } at line 2, column 3',
    ])
  })

  it('must be UTF-8', () => {
    const declared = body('application/json', 0)
    assert.deepEqual(judge(declared, [true], JSON_TYPE, Buffer.from([0x22, 0xff, 0x22])), [
      '/body is not UTF-8',
    ])
    assert.equal(
      judge(declared, [true], ['content-type', 'application/json; charset=latin1'], '1'),
      'The charset must be UTF-8',
    )
    assert.deepEqual(judge(declared, [true], ['content-type', 'Application/JSON; charset="UTF-8"'], '1'), [])
  })

  it('must not be compressed, which would hide them', () => {
    const headers = [...JSON_TYPE, 'content-encoding', 'gzip']
    assert.equal(
      judge(body('application/json', 0), [true], headers, '1'),
      'A body with a Content-Encoding is not accepted here',
    )
  })

  it('nested too deeply are refused, not fatal', () => {
    const deep = `${'{"name":"a","children":['.repeat(20_000)}${']}'.repeat(20_000)}`
    assert.deepEqual(judge(body('application/json', 0), [tree], JSON_TYPE, deep), [
      '/body is nested too deeply',
    ])
  })

  it('name members that are not declared and values that are allowed', () => {
    const closed = { properties: { a: { enum: ['x', 'y'] } }, additionalProperties: false }
    assert.deepEqual(judge(body('application/json', 0), [closed], JSON_TYPE, '{"a":1,"b/c":2}'), [
      '/body/b~1c is not a declared member',
      '/body/a must be equal to one of the allowed values: ["x","y"]',
    ])
  })
})

describe('media types', () => {
  const content = (media_range: string, schema: number | null) => ({ media_range, schema, encoding: {} })
  const declared: RequestBody = {
    required: true,
    content: [content('*/*', 2), content('application/*', 1), content('application/json', 0)],
  }
  const schemas = [{ const: 'exact' }, { const: 'range' }, { const: 'any' }]

  it('are looked up, the most specific range first', () => {
    assert.deepEqual(judge(declared, schemas, JSON_TYPE, '"exact"'), [])
    assert.deepEqual(judge(declared, schemas, ['content-type', 'application/vnd.x+json; v=1'], '"range"'), [])
    assert.deepEqual(judge(declared, schemas, ['content-type', 'model/gltf+json'], '"any"'), [])
    assert.equal((judge(declared, schemas, JSON_TYPE, '"any"') as string[]).length, 1)
  })

  it('that are not declared are refused', () => {
    const json = body('application/json', 0)
    assert.equal(judge(json, [true], ['content-type', 'text/plain'], 'x'), 'text/plain is not accepted here')
    assert.equal(judge(json, [true], [], 'x'), 'application/octet-stream is not accepted here')
    assert.equal(judge(json, [true], ['content-type', 'json'], 'x'), 'The Content-Type is not a media type')
    assert.equal(
      judge(json, [true], [...JSON_TYPE, ...JSON_TYPE], '1'),
      'The Content-Type is given more than once',
    )
  })

  it('that are neither JSON nor form pass where they are declared', () => {
    assert.deepEqual(
      judge(body('text/plain', 0), [{ type: 'integer' }], ['content-type', 'text/plain'], 'x'),
      [],
    )
    const multipart = ['content-type', 'multipart/form-data; boundary=x']
    assert.deepEqual(judge(body('multipart/form-data', 0), [false], multipart, '--x--'), [])
  })

  it('matter only where there is a body', () => {
    assert.deepEqual(judge(body('application/json', 0), [true], [], ''), ['/body is required'])
    assert.deepEqual(judge(body('application/json', 0, { required: false }), [true], [], ''), [])
  })
})

describe('form bodies', () => {
  const encoded = (encoding: Record<string, Partial<PartEncoding>>): RequestBody => ({
    required: true,
    content: [
      {
        media_range: FORM,
        schema: 0,
        encoding: Object.fromEntries(
          Object.entries(encoding).map(([name, part]) => [
            name,
            { content_type: null, style: null, explode: null, allow_reserved: false, ...part },
          ]),
        ),
      },
    ],
  })
  const judgeForm = (
    schema: JsonSchema,
    sent: string,
    encoding: Record<string, Partial<PartEncoding>> = {},
  ) => judge(encoded(encoding), [schema], ['content-type', FORM], sent)

  it('are coerced by the types of their properties', () => {
    const schema = {
      type: 'object',
      required: ['n'],
      properties: {
        n: { type: 'integer' },
        b: { type: 'boolean' },
        tags: { type: 'array', items: { type: 'integer' } },
      },
      const: { n: 5, b: true, tags: [1, 2], more: 'x y' },
    }
    assert.deepEqual(judgeForm(schema, 'n=5&b=true&tags=1&tags=2&more=x+y'), [])
    const { const: _, ...open } = schema
    assert.deepEqual(judgeForm(open, 'n=five'), ['/body/n must be integer'])
    assert.deepEqual(judgeForm(open, 'b=true'), ["/body must have required property 'n'"])
    assert.deepEqual(judgeForm(open, 'n=1&n=2'), ['/body has a member "n" that is given more than once'])
  })

  it('follow the encoding of each property', () => {
    const list = { type: 'array', items: { type: 'integer' } }
    const rgb = { type: 'object', properties: { R: { type: 'integer' } } }
    const of = (property: JsonSchema, value: unknown) =>
      ({ type: 'object', properties: { p: property }, const: { p: value } }) as JsonSchema
    assert.deepEqual(judgeForm(of(list, [1, 2]), 'p=1,2', { p: { explode: false } }), [])
    assert.deepEqual(judgeForm(of(list, [1, 2]), 'p=1|2', { p: { style: 'pipeDelimited' } }), [])
    assert.deepEqual(judgeForm(of(rgb, { R: 1 }), 'p[R]=1', { p: { style: 'deepObject' } }), [])
    assert.deepEqual(judgeForm(of(rgb, { R: 1 }), 'p=%7B%22R%22:1%7D'), [])
    assert.deepEqual(judgeForm(of(list, [1]), 'p=[1]', { p: { content_type: 'application/json' } }), [])
    assert.deepEqual(judgeForm(of(rgb, {}), 'p=%7B', {}), [
      '/body has a member "p" that is not valid JSON: the text ends where a member name in quotes is expected at line 1, column 2',
    ])
  })

  it('refuse a malformed escape', () => {
    assert.deepEqual(judgeForm({ type: 'object' }, 'a=%zz'), ['/body has a malformed percent-escape'])
  })
})
