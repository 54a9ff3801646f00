import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { lintProject } from '../../../../src/compiler/lint/index.ts'
import { isWriteOnly } from '../../../../src/compiler/lint/write-only.ts'
import { formatLocation, type JsonSchema } from '../../../../src/domain/index.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: {
    url: { type: 'string', format: 'uri', pattern: '^https://' },
    level: { enum: ['low', 'high'] },
    pepper: { type: 'string', writeOnly: true },
    keys: { type: 'array', items: { $ref: '#/$defs/key' } },
  },
  $defs: { key: { type: 'object', properties: { value: { allOf: [{ writeOnly: true }] } } } },
} as const

async function check(config: string, own: JsonSchema = schema): Promise<readonly string[]> {
  const use = `x-barbacane-middlewares: [{ name: filter, config: ${config} }]\n`
  const text = `openapi: 3.1.0\ninfo: { title: t, version: '1' }\npaths: {}\n${use}`
  await using folder = await temporaryFolder({ 'api.yaml': text })
  const { findings } = await lintProject(['api.yaml'], {
    root: folder.path,
    plugins: new Set(['filter']),
    pluginSchemas: new Map([['filter', own]]),
    allowPlaintext: false,
  })
  return findings.map(({ rule, at, message }) => `${rule} ${formatLocation(at)} ${message}`)
}

describe('the schema of a plugin', () => {
  it('is what its configuration has to fit, but for references to secrets', async () => {
    assert.deepEqual(await check("{ url: 'https://a.example', level: env://LEVEL, pepper: 'env://P' }"), [])
    assert.deepEqual(await check('{ ulr: 1, level: hihg }'), [
      'plugin-config api.yaml:4:43 The configuration of `filter` has no `url`',
      'plugin-config api.yaml:4:53 The configuration of `filter` has an unknown member `ulr`',
      'plugin-config api.yaml:4:68 `level` is "hihg", which is none of the known values',
    ])
  })

  it('says which members are secrets', async () => {
    const found = await check("{ url: 'https://a.example', pepper: salt, keys: [{ value: b, id: c }] }")
    assert.deepEqual(
      found.map((line) => line.replace(/ api\S+/, '')),
      [
        'secret-literal `pepper` holds a secret in plain text',
        'secret-literal `value` holds a secret in plain text',
      ],
    )
  })

  it('keeps nobody busy with its patterns', async () => {
    const slow = { properties: { a: { type: 'string', pattern: '^(a+)+$' }, b: { type: 'integer' } } }
    assert.deepEqual(await check(`{ a: ${'a'.repeat(60)}!, b: x }`, slow), [])
  })
})

describe('isWriteOnly', () => {
  it('looks through members, items, references and alternatives, and ends in circles', () => {
    assert.equal(isWriteOnly(schema, '/pepper'), true)
    assert.equal(isWriteOnly(schema, '/keys/0/value'), true)
    assert.equal(isWriteOnly(schema, '/keys/0/value/deep'), true)
    for (const pointer of ['', '/url', '/keys', '/keys/0', '/keys/0/id', '/none/of/them'])
      assert.equal(isWriteOnly(schema, pointer), false, pointer)
    const circle = { $ref: '#', additionalProperties: { $ref: '#' }, anyOf: [{ $ref: '#' }] }
    assert.equal(isWriteOnly(circle, '/a/b/c'), false)
    assert.equal(isWriteOnly({ prefixItems: [{}, { writeOnly: true }] }, '/1'), true)
  })
})
