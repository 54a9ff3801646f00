import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { anchorsOf } from '../../../../src/compiler/document/anchors.ts'
import { loadDocuments } from '../../../../src/compiler/document/index.ts'
import { formatLocation } from '../../../../src/domain/index.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { planned } from '../../../support/planned.ts'

const api = (schema: string, rest = '') => `openapi: 3.1.0
info: { title: t, version: '1' }
paths:
  /a:
    post:
      requestBody: { content: { application/json: { schema: ${schema} } } }
      x-barbacane-dispatch: { name: mock }
${rest}`

async function load(files: Readonly<Record<string, string>>) {
  await using folder = await temporaryFolder(files)
  const { set, findings } = await loadDocuments(['api.yaml'], { root: folder.path })
  const found = findings.map(({ rule, at, message }) => `${rule} ${formatLocation(at)} ${message}`)
  return { set, found }
}

describe('anchors', () => {
  it('are followed within a file and into others, also in a circle', async () => {
    const { set, found } = await load({
      'api.yaml': api(
        "{ $ref: 'types.yaml#node' }",
        'components: { schemas: { id: { $anchor: id, type: integer } } }\n',
      ),
      'types.yaml': `defs:
  node: { $anchor: node, type: object, properties: { next: { $ref: '#node' }, id: { $ref: 'api.yaml#id' } } }
`,
    })
    assert.deepEqual(found, [])
    const { plan, findings } = planned(set)
    assert.deepEqual(findings, [])
    const text = JSON.stringify(plan.schemas)
    assert.match(text, /"next":\{"\$ref":"#[^"]*"\}/)
    assert.match(text, /"type":"integer"/)
    assert.doesNotMatch(text, /anchor/)
  })

  it('that no schema has, or two, are reported', async () => {
    const { found } = await load({
      'api.yaml': api(
        "{ allOf: [{ $ref: '#none' }, { $ref: '#two' }] }",
        'components: { schemas: { a: { $anchor: two }, b: { $anchor: two } } }\n',
      ),
    })
    assert.deepEqual(found, [
      'ref-unresolved api.yaml:6:79 No schema, or more than one, has the anchor of "#none"',
      'ref-unresolved api.yaml:6:98 No schema, or more than one, has the anchor of "#two"',
    ])
  })

  it('are no anchors in data, and others below an $id', () => {
    const root = {
      $id: 'https://a.example/root',
      a: { $dynamicAnchor: 'dynamic', example: { $anchor: 'data' } },
      'b/c': [{ $anchor: 'here' }, { $id: 'other', $anchor: 'inner' }, { $anchor: 1 }],
      same: { $anchor: 'both', $dynamicAnchor: 'both' },
    }
    const found = ['dynamic', 'data', 'here', 'inner', 'both', '1'].map((name) =>
      anchorsOf(root).all.get(name),
    )
    assert.deepEqual(found, ['/a', undefined, '/b~1c/0', undefined, '/same', undefined])
    assert.deepEqual(
      anchorsOf(root).dynamic,
      new Map([
        ['dynamic', '/a'],
        ['both', '/same'],
      ]),
    )
    assert.equal(anchorsOf(1).all.size, 0)
  })
})
