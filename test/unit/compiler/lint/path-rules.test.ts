import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { lint } from '../../../../src/compiler/lint/index.ts'
import { documentSet } from '../../../support/documents.ts'

/** The messages of a rule on operations, written `method path` or with the schema of the path parameter `p`. */
function found(
  rule: string,
  operations: Readonly<Record<string, string>>,
  server = '/',
  openapi = '3.1.0',
): readonly string[] {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [operation, schema] of Object.entries(operations)) {
    const [method = '', path = ''] = operation.split(' ')
    const parameters =
      schema === '' ? [] : [{ name: 'p', in: 'path', required: true, schema: JSON.parse(schema) }]
    paths[path] = { ...paths[path], [method]: { parameters, 'x-barbacane-dispatch': { name: 'mock' } } }
  }
  const schemas = { P: { enum: ['x', 'y'] } }
  const text = JSON.stringify({
    openapi,
    info: {},
    servers: [{ url: server }],
    paths,
    components: { schemas },
  })
  const findings = lint(documentSet({ 'api.json': text }), { plugins: new Set(), allowPlaintext: false })
  return findings.filter((finding) => finding.rule === rule).map(({ message }) => message)
}

describe('route-unreachable', () => {
  it('finds segments that clients resolve', () => {
    assert.deepEqual(found('route-unreachable', { 'get /a/../b': '', 'get /c': '', 'get /d...e': '' }), [
      'No request reaches GET "/a/../b": the segment `..` is resolved before it is sent',
    ])
    assert.equal(found('route-unreachable', { 'get /a/%2E/b': '' }).length, 1)
  })

  it('finds fragments, where OpenAPI allows them', () => {
    assert.deepEqual(found('route-unreachable', { 'get /a/{p}#top': '{}', 'get /a': '' }), [
      'No request reaches GET "/a/{p}#top": a fragment is never sent',
    ])
    assert.deepEqual(found('path-template', { 'get /a/{p}#top': '{}' }), [])
    assert.deepEqual(found('path-template', { 'get /a/{p#top': '{}' }), [
      'The path "/a/{p#top" cannot be matched: the braces of `{p` do not match',
    ])
    assert.deepEqual(found('path-template', { 'get /a#top': '' }, '/', '3.2.0'), [
      'The path "/a#top" cannot be matched: it has a query or a fragment; a path ends before `?` and `#`',
    ])
    assert.deepEqual(found('route-unreachable', { 'get /a#top': '' }, '/', '3.2.0'), [])
  })

  it('finds parameters whose values are all taken, by the same method', () => {
    const statics = { 'get /a/x': '', 'get /a/w': '' }
    const taken = { 'get /a/x': '', 'get /a/y': '' }
    const message = 'No request reaches GET "/a/{p}": every value of `p` has a path of its own'
    assert.deepEqual(found('route-unreachable', { ...taken, 'get /a/{p}': '{"enum":["x","y"]}' }), [message])
    assert.deepEqual(
      found('route-unreachable', { ...taken, 'get /a/{p}': '{"$ref":"#/components/schemas/P"}' }),
      [message],
    )
    assert.deepEqual(found('route-unreachable', { ...taken, 'get /a/{p}': '{"const":"y"}' }), [message])
    for (const schema of ['{"enum":["x","y","z"]}', '{"enum":["x",1]}', '{"enum":[]}', '{"type":"string"}']) {
      assert.deepEqual(found('route-unreachable', { ...taken, 'get /a/{p}': schema }), [], schema)
    }
    assert.deepEqual(found('route-unreachable', { ...taken, 'post /a/{p}': '{"enum":["x","y"]}' }), [])
    assert.deepEqual(found('route-unreachable', { ...statics, 'get /a/{p}': '{"enum":["x","y"]}' }), [])
  })
})

describe('path-trailing-slash', () => {
  it('is about pairs of paths', () => {
    assert.deepEqual(found('path-trailing-slash', { 'get /a': '', 'post /a/': '' }), [
      '"/a/" and "/a" are two paths to the gateway, and one to most people',
    ])
    assert.deepEqual(found('path-trailing-slash', { 'get /a/': '', 'get /b': '', 'get /': '' }), [])
    assert.equal(found('path-trailing-slash', { 'get /a': '', 'get /a/': '' }, '/v1').length, 1)
  })
})
