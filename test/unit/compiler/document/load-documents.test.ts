import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { loadDocuments } from '../../../../src/compiler/document/index.ts'
import { formatLocation } from '../../../../src/domain/index.ts'

let base = ''
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'barbacane-documents-'))
})
after(() => rm(base, { recursive: true }))

let project = 0
async function write(files: Readonly<Record<string, string>>): Promise<string> {
  const root = join(base, `p${project++}`)
  await mkdir(root)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return root
}

const openapi = (rest: string) => `openapi: 3.2.0\ninfo: {title: t, version: '1'}\n${rest}`

describe('loadDocuments', () => {
  it('follows references through files, folders, escapes and circles', async () => {
    const root = await write({
      'specs/api.yaml': openapi(`paths:
  /a:
    $ref: ../shared/path%20items.yaml#/~1a~0b
components:
  schemas:
    Node: { type: object, properties: { next: { $ref: '#/components/schemas/Node' } } }
`),
      'shared/path items.yaml': `/a~b:
  get:
    responses:
      '200':
        description: ok
        content: { application/json: { schema: { $ref: deep/tree.json } } }
`,
      'shared/deep/tree.json':
        '{"type":"object","properties":{"back":{"$ref":"../../specs/api.yaml#/components/schemas/Node"}}}',
    })
    const { set, findings } = await loadDocuments(['specs/api.yaml'], { root })
    assert.deepEqual(findings, [])
    assert.deepEqual([...set.documents.keys()].toSorted(), [
      'shared/deep/tree.json',
      'shared/path items.yaml',
      'specs/api.yaml',
    ])
    const [api] = set.roots
    assert.ok(api)
    const target = set.resolve(
      { document: api, pointer: '' },
      '../shared/path%20items.yaml#/~1a~0b/get/responses/200',
    )
    assert.equal(target?.document.path, 'shared/path items.yaml')
    assert.equal(target?.pointer, '/~1a~0b/get/responses/200')
    assert.deepEqual(Object.keys(target?.value as object), ['description', 'content'])
    assert.equal(set.resolve({ document: api, pointer: '' }, '#/nothing'), undefined)
    assert.equal(set.resolve({ document: api, pointer: '' }, 'https://example.com/a.json'), undefined)
  })

  it('opens files with schemes that a requirement names, from OpenAPI 3.2 on', async () => {
    const api = openapi(`security: [{ 'a.yaml#/components/securitySchemes/key': [], plain: [] }]
paths: { /a: { get: { security: [{ './b.yaml#/key': [] }, { 'none.yaml#/key': [] }, 1] } } }
`)
    const files = {
      'api.yaml': api,
      'old.yaml': api.replace('3.2.0', '3.1.2'),
      'a.yaml': openapi('components: { securitySchemes: { key: { $ref: "c.yaml#/key" } } }'),
      'b.yaml': 'key: { type: mutualTLS }\n',
      'c.yaml': 'key: { type: mutualTLS }\n',
    }
    const root = await write(files)
    const { set, findings } = await loadDocuments(['api.yaml'], { root })
    assert.deepEqual([...set.documents.keys()].toSorted(), ['a.yaml', 'api.yaml', 'b.yaml', 'c.yaml'])
    assert.deepEqual(
      findings.map(({ rule, at, message }) => `${rule} ${formatLocation(at)} ${message}`),
      ['ref-unresolved api.yaml:4:79 The referenced file none.yaml is missing: it does not exist'],
    )
    const old = await loadDocuments(['old.yaml'], { root })
    assert.deepEqual([...old.set.documents.keys()], ['old.yaml'])
    assert.deepEqual(old.findings, [])
  })

  it('opens files that stand below a schema with its own $id', async () => {
    const root = await write({
      'api.yaml': openapi('paths: {}\ncomponents: { schemas: { A: { $ref: a.yaml } } }\n'),
      'a.yaml': '$id: https://example.com/schemas/a\nproperties: { b: { $ref: b.yaml } }\n',
      'b.yaml': 'type: string\n',
    })
    const { set, findings } = await loadDocuments(['api.yaml'], { root })
    assert.deepEqual(findings, [])
    assert.deepEqual([...set.documents.keys()].toSorted(), ['a.yaml', 'api.yaml', 'b.yaml'])
  })

  it('does not take data for references', async () => {
    const data = '{ $ref: missing.yaml }'
    const root = await write({
      'api.yaml': openapi(`paths: {}
components:
  examples: { E: { value: ${data} } }
  schemas:
    S:
      type: object
      default: ${data}
      enum: [${data}]
      const: ${data}
      example: ${data}
      examples: [${data}]
      properties: { default: { type: string }, example: { type: string } }
`),
    })
    const { set, findings } = await loadDocuments(['api.yaml'], { root })
    assert.deepEqual(findings, [])
    assert.equal(set.documents.size, 1)
  })

  it('takes properties named like data keywords for schemas', async () => {
    const root = await write({
      'api.yaml': openapi(
        'paths: {}\ncomponents: { schemas: { S: { properties: { default: { $ref: "#/none" } } } } }\n',
      ),
    })
    const { findings } = await loadDocuments(['api.yaml'], { root })
    assert.deepEqual(
      findings.map((finding) => [finding.rule, formatLocation(finding.at)]),
      [['ref-unresolved', 'api.yaml:4:62']],
    )
  })

  it('reports what is missing once for each target, where it is first named', async () => {
    const root = await write({
      'api.yaml': openapi(`paths: {}
components:
  schemas:
    A: { $ref: '#/components/schemas/Gone' }
    B: { $ref: '#/components/schemas/Gone' }
    C: { $ref: nowhere.yaml#/x }
    D: { $ref: nowhere.yaml#/y }
    E: { $ref: 'https://example.com/e.json' }
    F: { $ref: ../outside.yaml }
    G: { $ref: '#anchor' }
    H: { $ref: '#/%zz' }
    I: { $ref: broken.json }
    J: { $ref: /etc/hostname }
`),
      'broken.json': '{"a": }',
    })
    const { findings } = await loadDocuments(['api.yaml'], { root })
    assert.deepEqual(
      findings.map(({ rule, code, at, message }) => `${rule} ${code} ${formatLocation(at)} ${message}`),
      [
        'ref-unresolved E1003 api.yaml:6:16 Nothing stands at "#/components/schemas/Gone" (named in 2 places)',
        'ref-unresolved E1003 api.yaml:8:16 The referenced file nowhere.yaml is missing: it does not exist (named in 2 places)',
        'ref-remote E1003 api.yaml:10:16 The reference to https://example.com/e.json is not followed: it would have to be fetched',
        'ref-escapes-project E1003 api.yaml:11:16 The referenced file ../outside.yaml is not read because it lies outside of the project',
        'ref-unresolved E1003 api.yaml:12:16 No schema, or more than one, has the anchor of "#anchor"',
        'ref-unresolved E1003 api.yaml:13:16 The reference "#/%zz" is malformed',
        'ref-unresolved E1003 api.yaml:14:16 The referenced file broken.json cannot be parsed',
        'ref-escapes-project E1003 api.yaml:15:16 The referenced file /etc/hostname is not read because it lies outside of the project',
        'syntax E1002 broken.json:1:7 The JSON cannot be parsed: a value is missing here',
      ],
    )
  })

  it('refuses links that lead out of the project and follows those within', async () => {
    const root = await write({
      'api.yaml': openapi(
        'paths: {}\ncomponents: { schemas: { A: { $ref: in.yaml }, B: { $ref: out.yaml } } }\n',
      ),
      'real.yaml': 'type: string\n',
    })
    await writeFile(join(base, 'secret.yaml'), 'type: string\n')
    await symlink(join(root, 'real.yaml'), join(root, 'in.yaml'))
    await symlink(join(base, 'secret.yaml'), join(root, 'out.yaml'))
    const { set, findings } = await loadDocuments(['api.yaml'], { root })
    assert.deepEqual([...set.documents.keys()].toSorted(), ['api.yaml', 'in.yaml'])
    assert.deepEqual(
      findings.map((finding) => finding.rule),
      ['ref-escapes-project'],
    )
  })

  it('names a root that cannot be read', async () => {
    const root = await write({ 'folder/x.yaml': '' })
    const { set, findings } = await loadDocuments(['gone.yaml', 'folder'], { root })
    assert.deepEqual(set.roots, [])
    assert.deepEqual(
      findings.map(({ rule, code, message }) => [rule, code, message]),
      [
        ['unreadable', 'E1000', 'The file folder is not read: it is not a file'],
        ['unreadable', 'E1000', 'The file gone.yaml is not read: it does not exist'],
      ],
    )
  })
})
