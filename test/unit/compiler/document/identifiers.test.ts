import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { fileReferences, loadDocuments, type OpenRemote } from '../../../../src/compiler/document/index.ts'
import { lintProject } from '../../../../src/compiler/lint/index.ts'
import { formatLocation } from '../../../../src/domain/index.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { planned } from '../../../support/planned.ts'

const api = (version: string, ref: string, rest = '') => `openapi: ${version}
info: { title: t, version: '1' }
paths:
  /a:
    post:
      requestBody: { content: { application/json: { schema: { $ref: '${ref}' } } } }
      x-barbacane-dispatch: { name: mock }
${rest}`

async function load(files: Readonly<Record<string, string>>, roots = ['api.yaml']) {
  await using folder = await temporaryFolder(files)
  const { set, findings } = await loadDocuments(roots, { root: folder.path })
  const found = findings.map(({ rule, at, message }) => `${rule} ${formatLocation(at)} ${message}`)
  return { set, found, files: [...set.documents.keys()].toSorted() }
}

const planOf = ({ set }: Awaited<ReturnType<typeof load>>) => JSON.stringify(planned(set).plan.schemas)

describe('$self', () => {
  it('names a description, for itself and for others', async () => {
    const loaded = await load(
      {
        'specs/api.yaml': api(
          '3.2.0',
          '../types#/components/schemas/Id',
          '$self: https://a.example/v1/apis/books\n',
        ),
        'other/types.yaml': `openapi: 3.2.0
$self: https://a.example/v1/types
info: { title: t, version: '1' }
components: { schemas: { Id: { $ref: 'https://a.example/v1/types#/components/schemas/Text' }, Text: { type: string } } }
`,
      },
      ['specs/api.yaml', 'other/types.yaml'],
    )
    assert.deepEqual(loaded.found, [])
    assert.equal(
      planOf(loaded),
      '[{"$defs":{"Id":{"$ref":"#/$defs/Text"},"Text":{"type":"string"}},"$ref":"#/$defs/Id"}]',
    )
    const references = fileReferences(loaded.set)
    assert.deepEqual([...(references.get('specs/api.yaml') ?? [])], ['other/types.yaml'])
  })

  it('leaves the neighbours of a description where they are', async () => {
    const { found, files } = await load(
      {
        'specs/api.yaml': api('3.2.0', 'schemas/a%20b.yaml#/A', '$self: https://a.example/v1/books.yaml\n'),
        'specs/schemas/a b.yaml': "A: { $ref: '../c.yaml' }\n",
        'specs/c.yaml': 'type: string\n',
      },
      ['specs/api.yaml'],
    )
    assert.deepEqual(found, [])
    assert.deepEqual(files, ['specs/api.yaml', 'specs/c.yaml', 'specs/schemas/a b.yaml'])
  })

  it('may be relative, and counts from OpenAPI 3.2 on', async () => {
    const named = { 'x/a.yaml': 'type: string\n' }
    const relative = await load({ ...named, 'api.yaml': api('3.2.0', 'a.yaml', '$self: x/api.yaml\n') })
    assert.deepEqual(relative.files, ['api.yaml', 'x/a.yaml'])
    const older = await load({ ...named, 'api.yaml': api('3.1.0', 'a.yaml', '$self: x/api.yaml\n') })
    assert.deepEqual(older.found, [
      'ref-unresolved api.yaml:6:69 The referenced file a.yaml is missing: it does not exist',
    ])
  })

  it('leads to nothing that nobody has, and not out of the project', async () => {
    const self = '$self: https://a.example/v1/books.yaml\n'
    const cases = {
      '../../outside.yaml': 'ref-unresolved api.yaml:6:69 The referenced file ../outside.yaml',
      'https://b.example/x':
        'ref-remote api.yaml:6:69 The reference to https://b.example/x is not followed: it would have to be fetched',
      '//b.example/x':
        'ref-remote api.yaml:6:69 The reference to https://b.example/x is not followed: it would',
      '/v1/missing.yaml': 'ref-unresolved api.yaml:6:69 The referenced file missing.yaml is missing',
      'missing.yaml?a=b':
        'ref-remote api.yaml:6:69 The reference to https://a.example/v1/missing.yaml?a=b is not followed: it would',
    }
    for (const [ref, message] of Object.entries(cases)) {
      const { found } = await load({ 'api.yaml': api('3.2.0', ref, self) })
      assert.equal(found.length, 1)
      if (ref.startsWith('../')) assert.match(String(found[0]), /^ref-escapes-project/)
      else assert.ok(found[0]?.startsWith(message), found[0])
    }
  })
})

describe('the $id of a file', () => {
  it('is found by references, however the file was reached', async () => {
    const loaded = await load({
      'api.yaml': api('3.1.0', 'a.yaml'),
      'a.yaml': `$id: https://schemas.example/a
properties: { b: { $ref: deep/b }, c: { $ref: 'https://schemas.example/c#/$defs/x' }, d: { $ref: 'deep/b.yaml' } }
`,
      'deep/b.yaml': '$id: https://schemas.example/deep/b\nproperties: { c: { $ref: ../c.yaml } }\n',
      'c.yaml': '$id: https://schemas.example/c\n$defs: { x: { type: string } }\n',
    })
    assert.deepEqual(loaded.found, [])
    assert.match(planOf(loaded), /"x":\{"type":"string"\}/)
  })

  it('explains pointers that count from it', async () => {
    const { found } = await load({
      'api.yaml': api(
        '3.1.0',
        '#/components/schemas/A',
        "components: { schemas: { A: { $id: 'https://a.example/a', items: { $ref: '#/components/schemas/B' } }, B: {} } }\n",
      ),
    })
    assert.deepEqual(found, [
      'ref-unresolved api.yaml:8:74 Nothing stands at "#/components/schemas/B" of the schema with an `$id` at /components/schemas/A',
    ])
  })

  it('that nothing can be relative to is said', async () => {
    const { found } = await load({
      'api.yaml': api('3.1.0', 'a.yaml'),
      'a.yaml': "$id: urn:example:a\nitems: { $ref: 'b.yaml' }\n",
    })
    assert.deepEqual(found, [
      'ref-unresolved a.yaml:2:16 The reference "b.yaml" is relative to urn:example:a, which has no folders',
    ])
  })
})

describe('a name that is a URL', () => {
  const openRemote =
    (documents: Readonly<Record<string, string>>, asked: string[]): OpenRemote =>
    async (url) => {
      asked.push(url)
      const text = documents[url]
      return text === undefined ? { refused: 'it is not there', hint: '' } : { bytes: Buffer.from(text) }
    }

  it('is not fetched where a file of the project has it, whichever is read first', async () => {
    const asked: string[] = []
    await using folder = await temporaryFolder({
      'api.yaml': api('3.1.0', 'a.yaml'),
      'a.yaml': "properties: { b: { $ref: 'https://a.example/b' }, c: { $ref: b.yaml } }\n",
      'b.yaml': '$id: https://a.example/b\n',
    })
    const options = { root: folder.path, openRemote: openRemote({}, asked) }
    const { set, findings } = await loadDocuments(['api.yaml'], options)
    assert.deepEqual(findings, [])
    assert.deepEqual([...set.documents.keys()].toSorted(), ['a.yaml', 'api.yaml', 'b.yaml'])
    assert.deepEqual(asked, [])
  })

  it('does not lead a document of the network to files of the project', async () => {
    const asked: string[] = []
    await using folder = await temporaryFolder({
      'api.yaml': api('3.1.0', 'https://a.example/a.yaml'),
      'secret.yaml': 'type: string\n',
    })
    const documents = {
      'https://a.example/a.yaml': "$id: https://project.invalid/a.yaml\nitems: { $ref: 'secret.yaml' }\n",
    }
    const options = { root: folder.path, openRemote: openRemote(documents, asked) }
    const { set, findings } = await loadDocuments(['api.yaml'], options)
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['ref-remote'],
    )
    assert.ok(!set.documents.has('secret.yaml'))
    assert.deepEqual(asked, ['https://a.example/a.yaml', 'https://project.invalid/secret.yaml'])
  })
})

describe('names', () => {
  async function findingsOf(files: Readonly<Record<string, string>>) {
    await using folder = await temporaryFolder(files)
    const context = { root: folder.path, plugins: undefined, allowPlaintext: false }
    const { findings } = await lintProject(['api.yaml'], context)
    return findings
      .filter(({ rule }) => rule === 'schema-identifier')
      .map(({ at, message }) => `${formatLocation(at)} ${message}`)
  }

  it('are given once', async () => {
    const found = await findingsOf({
      'api.yaml': api(
        '3.2.0',
        'b.yaml',
        `$self: https://a.example/b
components:
  schemas:
    A: { $anchor: a, $dynamicAnchor: a }
    B: { $id: b, $anchor: a }
    C: { $dynamicAnchor: a }
`,
      ),
      'b.yaml': '$id: https://a.example/b\n',
    })
    assert.deepEqual(found, [
      'api.yaml:12:15 api.yaml# has this `$id`, too',
      'api.yaml:13:8 The anchor "a" is given to another schema before',
      'b.yaml:1:6 api.yaml# has this `$id`, too',
    ])
  })

  it('are well formed', async () => {
    const found = await findingsOf({
      'api.yaml': api(
        '3.1.0',
        '#/components/schemas/A',
        `components:
  schemas:
    A: { $id: 'a#b', $anchor: 1a, properties: { b: { $id: 'c#', $dynamicAnchor: '#b' } } }
`,
      ),
    })
    assert.deepEqual(found, [
      'api.yaml:10:15 The `$id` "a#b" has a fragment',
      'api.yaml:10:31 The `$anchor` "1a" cannot be named by a reference',
      'api.yaml:10:81 The `$dynamicAnchor` "#b" cannot be named by a reference',
    ])
  })

  it('may be the same for one object in two places', async () => {
    const found = await findingsOf({
      'api.yaml': api(
        '3.1.0',
        '#/components/schemas/A',
        'components: { schemas: { A: &a { $id: a, type: string }, B: *a } }\n',
      ),
    })
    assert.deepEqual(found, [])
  })
})
