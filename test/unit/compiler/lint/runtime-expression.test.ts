import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { lint } from '../../../../src/compiler/lint/index.ts'
import { documentSet } from '../../../support/documents.ts'

/** `line:col message` of each expression that is none. */
function warnings(text: string): readonly string[] {
  const set = documentSet({ 'api.yaml': `openapi: 3.1.0\ninfo: { title: t, version: '1' }\n${text}` })
  return lint(set, { plugins: new Set(), allowPlaintext: false })
    .filter(({ rule }) => rule === 'runtime-expression')
    .map(({ at, message }) => `${at.line}:${at.col} ${message}`)
}

const callback = (key: string) => `components:\n  callbacks: { c: { ${JSON.stringify(key)}: {} } }\n`
const link = (value: string) =>
  `components:\n  links: { l: { operationId: a, parameters: { p: ${JSON.stringify(value)} } } }\n`

describe('runtime-expression', () => {
  it('takes what names a part of a message', () => {
    const parts = [
      '$url',
      '$method',
      '$statusCode',
      '$request.header.X-A',
      '$response.header.ETag',
      '$request.query.a b',
      '$request.path.id',
      '$request.body',
      '$response.body#',
      '$response.body#/a~1b/~0/0',
    ]
    for (const part of parts) {
      assert.deepEqual(warnings(callback(part)), [], part)
      assert.deepEqual(warnings(callback(`https://a.example/{${part}}?b={${part}}`)), [], part)
      assert.deepEqual(warnings(link(part)), [], part)
    }
  })

  it('takes addresses and constants without any', () => {
    assert.deepEqual(warnings(callback('https://a.example/')), [])
    assert.deepEqual(warnings(link('17')), [])
    assert.deepEqual(warnings(link('{$wrong}')), [])
  })

  it('warns of everything else', () => {
    for (const part of [
      '$',
      '$urls',
      '$request',
      '$request.header.a b',
      '$request.body.a',
      '$request.body#a',
      '$response.body#/~2',
    ]) {
      const said = `${JSON.stringify(part)} is no runtime expression`
      assert.deepEqual(warnings(callback(`{${part}}`)), [`4:21 ${said}`], part)
      assert.deepEqual(warnings(link(part)), [`4:50 ${said}`], part)
    }
    assert.deepEqual(warnings(callback('{id}')), ['4:21 "id" is no runtime expression'])
  })
})
