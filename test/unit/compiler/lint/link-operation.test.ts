import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { lint } from '../../../../src/compiler/lint/index.ts'
import { documentSet } from '../../../support/documents.ts'

function found(links: string, components = ''): readonly string[] {
  const text = `openapi: 3.1.0
info: { title: t, version: '1' }
paths:
  /orders:
    post: { operationId: addOrder, responses: { '201': { description: d, links: ${links} } } }
  /orders/{id}:
    get: { operationId: getOrder }
components: { responses: {}, ${components} }
`
  const findings = lint(documentSet({ 'api.yaml': text }), { plugins: undefined, allowPlaintext: false })
  return findings
    .filter(({ rule }) => rule === 'link-operation')
    .map(({ severity, at, message, hint }) => `${severity} ${at.pointer} ${message} ${hint}`)
}

describe('link-operation', () => {
  const place = '/paths/~1orders/post/responses/201/links'

  it('knows the operations of the descriptions', () => {
    assert.deepEqual(found('{ read: { operationId: getOrder }, x-a: { operationId: none } }'), [])
    assert.deepEqual(found('{ read: { operationId: getOrdr } }'), [
      `warning ${place}/read/operationId No operation has the operationId "getOrdr" Did you mean \`getOrder\`?`,
    ])
  })

  it('follows references within the file, and leaves others alone', () => {
    assert.deepEqual(found("{ read: { operationRef: '#/paths/~1orders~1{id}/get' } }"), [])
    assert.deepEqual(found("{ read: { operationRef: 'https://shop.example/api#/paths/~1a/get' } }"), [])
    assert.match(
      found("{ read: { operationRef: '#/paths/orders/get' } }").join(),
      /^warning \S+\/read\/operationRef "#\/paths\/orders\/get" leads to no operation /,
    )
  })

  it('names a link among the components once, where it stands', () => {
    const links = found(
      "{ a: { $ref: '#/components/links/read' }, b: { $ref: '#/components/links/read' } }",
      'links: { read: { operationId: nobody } }',
    )
    assert.equal(links.length, 1)
    assert.match(links.join(), /^warning \/components\/links\/read\/operationId /)
  })
})
