import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'

import type { JsonSchema, ResponseDescription } from '../../../../src/domain/index.ts'
import { Fields } from '../../../../src/runtime/http/index.ts'
import { createResponseValidator, createValidators } from '../../../../src/runtime/validate/index.ts'
import { parameter } from '../../../support/plan-artifact.ts'

const schemas: readonly JsonSchema[] = [
  { type: 'object', required: ['id'], properties: { id: { type: 'integer' }, password: false } },
  { type: 'integer' },
]
const json = (schema: number | null) => [{ media_range: 'application/json', schema }]
const responses: readonly ResponseDescription[] = [
  {
    status: '200',
    headers: [parameter('X-Total', 'header', { required: true, schema: 1 })],
    content: json(0),
  },
  { status: '204', headers: [], content: null },
  { status: '2XX', headers: [], content: null },
  { status: '409', headers: [], content: [{ media_range: 'text/*', schema: 0 }] },
  { status: '422', headers: [], content: [] },
  { status: '500', headers: [], content: json(null) },
]

/** What an answer differs in; a word where that is not known. */
function judge(
  status: number,
  headers: readonly string[],
  sent: string | Buffer = '',
  { hasBody = true, all = responses, maxBytes = 1000 } = {},
) {
  const plan = { schemas, validators: createValidators(schemas) }
  const validator = createResponseValidator(all, plan, maxBytes)
  const head = validator.head(status, Fields.of(headers), hasBody)
  if (head.body === 'unreadable') return 'unreadable'
  const ofBody = head.body === null ? [] : head.body(Buffer.from(sent))
  if (ofBody === null) return 'too long'
  return [...head.faults, ...ofBody].map(({ pointer, reason }) => `${pointer} ${reason}`)
}

const ok = ['content-type', 'application/json; charset=utf-8', 'x-total', '3']

describe('an answer', () => {
  it('fits where its status, header fields, media type and body do', () => {
    assert.deepEqual(judge(200, ok, '{"id":1}'), [])
  })

  it('is told all that it differs in at once', () => {
    assert.deepEqual(
      judge(200, ['content-type', 'application/json', 'x-total', 'many'], '{"id":"1","password":"p"}'),
      ['/header/X-Total must be integer', '/body/id must be integer', '/body/password must not be there'],
    )
    assert.deepEqual(judge(200, ['content-type', 'application/json'], '{}'), [
      '/header/X-Total is required',
      "/body must have required property 'id'",
    ])
  })

  it('is compared by its status, else by the class of it, else by the default', () => {
    assert.deepEqual(judge(201, ['content-type', 'image/png'], 'x'), [])
    assert.deepEqual(judge(404, []), ['/status 404 is not declared'])
    const all = [...responses, { status: 'default', headers: [], content: json(0) }]
    assert.deepEqual(judge(404, ok, '{}', { all }), ["/body must have required property 'id'"])
  })

  it('has a media type that is declared', () => {
    assert.deepEqual(judge(200, ['content-type', 'text/html', 'x-total', '3'], '<p>'), [
      '/header/content-type text/html is not declared',
    ])
    assert.deepEqual(judge(200, ['content-type', 'json', 'x-total', '3']), [
      '/header/content-type is not a media type',
    ])
    assert.deepEqual(judge(200, ['x-total', '3']), ['/header/content-type is missing'])
    assert.deepEqual(judge(422, []), [])
  })

  it('may have any body where the description says nothing of it, or its type is not JSON', () => {
    assert.deepEqual(judge(409, ['content-type', 'text/plain'], 'no'), [])
    assert.deepEqual(judge(500, ['content-type', 'application/json'], '{"broken'), [])
  })

  it('has no body to be compared after HEAD, and with 204', () => {
    assert.deepEqual(judge(200, ['x-total', '3'], '', { hasBody: false }), [])
    assert.deepEqual(judge(204, []), [])
  })

  it('is compared without its content coding', () => {
    const codings: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
      ['gzip', gzipSync],
      ['X-GZIP', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
      ['zstd', zstdCompressSync],
      ['identity', (bytes) => bytes],
    ]
    for (const [coding, encode] of codings) {
      const headers = [...ok, 'content-encoding', coding]
      assert.deepEqual(judge(200, headers, encode(Buffer.from('{"id":1}'))), [], coding)
      assert.deepEqual(
        judge(200, headers, encode(Buffer.from('{"id":""}'))),
        ['/body/id must be integer'],
        coding,
      )
    }
    for (const coding of ['gzip', 'br', 'zstd']) {
      const encode = { gzip: gzipSync, br: brotliCompressSync, zstd: zstdCompressSync }[coding] ?? gzipSync
      const bomb = encode(Buffer.from(`{"id":1,"a":"${'a'.repeat(100_000)}"}`))
      assert.equal(judge(200, [...ok, 'content-encoding', coding], bomb), 'too long', coding)
      assert.deepEqual(judge(200, [...ok, 'content-encoding', coding], 'no'), [
        `/body is not what ${coding} makes`,
      ])
    }
  })

  it('is not compared where its coding or charset is not known', () => {
    assert.equal(judge(200, [...ok, 'content-encoding', 'compress'], 'x'), 'unreadable')
    const latin = ['content-type', 'application/json; charset=iso-8859-1', 'x-total', '3']
    assert.equal(judge(200, latin, '{"id":1}'), 'unreadable')
  })

  it('with broken JSON says where it breaks', () => {
    assert.deepEqual(judge(200, ok, '{"id":1,}'), [
      '/body is not valid JSON: expected a member name in quotes at line 1, column 9',
    ])
  })
})
