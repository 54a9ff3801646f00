import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'

import { loadDocuments } from '../../../../../src/compiler/document/index.ts'
import { formatLocation } from '../../../../../src/domain/index.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'

const API = `openapi: 3.1.0
info: { title: Books, version: '1' }
tags: [{ name: a }]
paths:
  /books:
    get: { operationId: list, parameters: [{ name: q }] }
    post: { operationId: add }
`

interface Content {
  readonly [key: string]: unknown
  readonly info: { readonly title: unknown }
  readonly paths: { readonly '/books': { readonly get: object; readonly put?: unknown } }
}

interface Options {
  readonly isWhole?: boolean
  readonly files?: Readonly<Record<string, string>>
}

/** Applies the actions of `gateway.yaml` to `api.yaml`. */
async function apply(actions: string, { isWhole = true, files = {} }: Options = {}) {
  await using folder = await temporaryFolder()
  const overlay = `overlay: 1.1.0\ninfo: { title: o, version: '1' }\n${actions}`
  const all = { 'api.yaml': API, 'gateway.yaml': overlay, ...files }
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder.path, path)), { recursive: true })
    await writeFile(join(folder.path, path), text)
  }
  const roots = Object.keys(all).filter((path) => path.startsWith('api'))
  const overlays = Object.keys(all).filter((path) => path.includes('gateway'))
  const { set, findings } = await loadDocuments(roots, { root: folder.path, overlays, isWhole })
  const found = findings.map(
    ({ rule, severity, at, message }) => `${severity} ${rule} ${formatLocation(at)} ${message}`,
  )
  const [document] = set.roots
  assert.ok(document)
  return { document, root: document.root as Content, set, found }
}

const actions = (...list: readonly string[]) =>
  `actions:\n${list.map((action) => `  - ${action}\n`).join('')}`

describe('overlays', () => {
  it('merge objects, append to lists and replace primitives, and say where each value stands', async () => {
    const { root, document, found } = await apply(
      actions(
        "{ target: '$.paths.*.*', update: { x-safe: true, operationId: same } }",
        '{ target: $.tags, update: { name: b } }',
        '{ target: $.tags, update: [{ name: c }, { name: d }] }',
        '{ target: $.info.title, update: Shop }',
        '{ target: $, update: { info: { contact: { name: me } } } }',
      ),
    )
    assert.deepEqual(found, [])
    assert.deepEqual(root, {
      openapi: '3.1.0',
      info: { title: 'Shop', version: '1', contact: { name: 'me' } },
      tags: [{ name: 'a' }, { name: 'b' }, { name: 'c' }, { name: 'd' }],
      paths: {
        '/books': {
          get: { operationId: 'same', parameters: [{ name: 'q' }], 'x-safe': true },
          post: { operationId: 'same', 'x-safe': true },
        },
      },
    })
    const place = (pointer: string, part?: 'key') => formatLocation(document.locate(pointer, part))
    assert.equal(place('/paths/~1books/get/x-safe'), 'gateway.yaml:4:48')
    assert.equal(place('/paths/~1books/get/x-safe', 'key'), 'gateway.yaml:4:40')
    assert.equal(place('/paths/~1books/get/operationId'), 'gateway.yaml:4:67')
    assert.equal(place('/paths/~1books/get/parameters/0/name'), 'api.yaml:6:52')
    assert.equal(place('/paths/~1books/get', 'key'), 'api.yaml:6:5')
    assert.equal(place('/paths/~1books/get/nothing'), 'api.yaml:6:5')
    assert.equal(place('/tags/3/name'), 'gateway.yaml:6:53')
    assert.equal(place('/info/title'), 'gateway.yaml:7:37')
    assert.equal(document.locate('/info/contact/name').pointer, '/actions/4/update/info/contact/name')
  })

  it('remove members and entries, after which the others are where they were', async () => {
    const { root, document, found } = await apply(
      actions(
        "{ target: '$.tags[0]', remove: true }",
        "{ target: '$.paths.*.get', remove: true }",
        '{ target: $.tags, update: { name: z } }',
      ),
    )
    assert.deepEqual(found, [])
    assert.deepEqual(root['tags'], [{ name: 'z' }])
    assert.deepEqual(root.paths, { '/books': { post: { operationId: 'add' } } })
    assert.equal(formatLocation(document.locate('/tags/0/name')), 'gateway.yaml:6:39')
    assert.equal(formatLocation(document.locate('/paths/~1books/post/operationId')), 'api.yaml:7:26')
  })

  it('copy one value to others', async () => {
    const { root, document, found } = await apply(
      actions(
        '{ target: "$.paths[\'/books\']", update: { put: {} } }',
        '{ target: "$.paths[\'/books\'].put", copy: "$.paths[\'/books\'].get" }',
        '{ target: "$.paths[\'/books\'].put.operationId", update: replace }',
      ),
    )
    assert.deepEqual(found, [])
    const { get, put } = root.paths['/books']
    assert.deepEqual(put, { ...get, operationId: 'replace' })
    assert.equal(formatLocation(document.locate('/paths/~1books/put/parameters/0/name')), 'gateway.yaml:5:46')
  })

  it('are applied in order, to what they extend', async () => {
    const files = {
      'api-b.yaml': API,
      'o/1-gateway.yaml': `overlay: 1.0.0\ninfo: { title: o, version: '1' }\nextends: ../api.yaml\n${actions('{ target: $.info, update: { x-a: 1 } }')}`,
      'o/2-gateway.yaml': `overlay: 1.0.1\ninfo: { title: o, version: '1' }\n${actions("{ target: '$.info[?@ == 1]', remove: true }", '{ target: $.info, update: { x-b: 2 } }')}`,
    }
    const { set, found } = await apply(actions('{ target: $.info, update: { x-c: 3 } }'), { files })
    assert.deepEqual(found, [])
    assert.deepEqual(
      set.roots.map(({ root }) => Object.keys((root as Record<string, object>)['info'] ?? {})),
      [
        ['title', 'version', 'x-c', 'x-b'],
        ['title', 'version', 'x-c', 'x-b'],
      ],
    )
    assert.deepEqual([...set.documents.keys()].toSorted(), [
      'api-b.yaml',
      'api.yaml',
      'gateway.yaml',
      'o/1-gateway.yaml',
      'o/2-gateway.yaml',
    ])
  })

  it('bring references, which are followed from the description', async () => {
    const { found, set } = await apply(
      actions("{ target: $.paths, update: { /a: { $ref: 'parts/a.yaml' }, /b: { $ref: parts/b.yaml } } }"),
      { files: { 'parts/a.yaml': 'get: { operationId: a }\n' } },
    )
    assert.deepEqual(found, [
      'error ref-unresolved gateway.yaml:4:76 The referenced file parts/b.yaml is missing: it does not exist',
    ])
    assert.ok(set.documents.has('parts/a.yaml'))
  })

  it('without effect are a warning where all descriptions are at hand', async () => {
    const text = actions('{ target: $.nothing, remove: true }', "{ target: '$.paths[0]', update: 1 }")
    assert.deepEqual((await apply(text)).found, [
      'warning overlay-unmatched gateway.yaml:4:15 The target selects nothing',
      'warning overlay-unmatched gateway.yaml:5:15 The target selects nothing',
    ])
    assert.deepEqual((await apply(text, { isWhole: false })).found, [])
    assert.deepEqual((await apply(`extends: other.yaml\n${text}`)).found, [
      'warning overlay-unmatched gateway.yaml:3:10 No description of the project is "other.yaml"',
    ])
    assert.deepEqual((await apply(`extends: other.yaml\n${text}`, { isWhole: false })).found, [])
  })

  const failing: readonly (readonly [string, string])[] = [
    ['{ target: $, remove: true }', '4:15 The whole description cannot be removed'],
    [
      '{ target: $.info, update: [1] }',
      '4:31 The action cannot be applied: the array cannot be merged with the object that is there',
    ],
    [
      '{ target: $, update: { info: { title: { a: 1 } } } }',
      '4:43 The action cannot be applied: the object cannot be merged with the primitive that is there',
    ],
    [
      "{ target: '$.*', update: x }",
      '4:15 The target selects values of different kinds: primitive, object, array',
    ],
    ["{ target: $.info, copy: '$.tags[*].x' }", '4:29 The path to copy from selects nothing'],
    ["{ target: $.info, copy: '$.info.*' }", '4:29 The path to copy from selects 2 values'],
  ]
  for (const [action, message] of failing) {
    it(`that cannot be applied are an error: ${action}`, async () => {
      assert.deepEqual((await apply(actions(action))).found, [`error overlay-action gateway.yaml:${message}`])
    })
  }

  it('of 1.0 update objects and lists only', async () => {
    const files = {
      'gateway.yaml': `overlay: 1.0.0\ninfo: { title: o, version: '1' }\n${actions('{ target: $.info.title, update: x }')}`,
    }
    assert.deepEqual((await apply('', { files })).found, [
      'error overlay-action gateway.yaml:4:15 Overlay 1.0 cannot update a value that is neither object nor array',
    ])
  })

  it('that multiply a description are stopped', async () => {
    const wide = Array.from({ length: 2500 }, (_, index) => `k${index}: {}`).join(', ')
    const grown = await apply(
      actions(
        "{ target: '$.*', remove: true }",
        `{ target: $, update: { ${wide} } }`,
        `{ target: $.*, update: { ${wide} } }`,
      ),
    )
    assert.deepEqual(grown.found, [
      'error overlay-action gateway.yaml:6:15 The description would become too large or too deep',
    ])
    const deep = await apply(
      actions(
        "{ target: '$.*', remove: true }",
        '{ target: $, update: { a: {} } }',
        ...Array(9).fill('{ target: $..a, copy: $ }'),
      ),
    )
    assert.match(
      deep.found.join('\n'),
      /^error overlay-action gateway\.yaml:\d+:15 The description would become too large or too deep$/,
    )
  })

  it('of another form are refused, with every fault', async () => {
    const files = {
      'gateway.yaml': `overlay: 1.2.0
info: { title: 1, descripton: x }
extends: https://api.example/api.yaml
action: []
actions:
  - 1
  - { target: $.paths./a, update: 1 }
  - { target: 1, remove: yes, up: 1 }
  - { target: $, update: 1, remove: true }
  - { target: $, copy: $x }
  - { target: $ }
`,
      'gateway-2.yaml': 'openapi: 3.1.0\n',
      'gateway-3.yaml': `overlay: 1.0.0\ninfo: { title: o, version: '1' }\nactions: [{ target: $, copy: $ }]\n`,
      'gateway-4.yaml': `overlay: 1.0.0\nactions: []\n`,
    }
    const { found, root } = await apply('', { files })
    assert.deepEqual(
      found.map((line) => line.replace('error overlay-structure ', '')),
      [
        'gateway-2.yaml:1:1 The document is not an overlay',
        'gateway-3.yaml:3:11 The action changes nothing',
        'gateway-3.yaml:3:24 `copy` is unknown here',
        'gateway-4.yaml:1:1 An overlay needs `info`',
        'gateway-4.yaml:2:10 An overlay needs a list of `actions`',
        'gateway.yaml:1:10 Overlay "1.2.0" is not supported',
        'gateway.yaml:2:1 `version` of `info` is not a text',
        'gateway.yaml:2:16 `title` of `info` is not a text',
        'gateway.yaml:2:19 `descripton` is unknown here',
        'gateway.yaml:3:10 "https://api.example/api.yaml" is no file of the project that could be extended',
        'gateway.yaml:4:1 `action` is unknown here',
        'gateway.yaml:6:5 The action is not an object',
        'gateway.yaml:7:15 "$.paths./a" is no JSONPath: A name with other characters is written in brackets, as in [\'/books\'] (character 9)',
        'gateway.yaml:8:5 The action changes nothing',
        'gateway.yaml:8:15 A JSONPath is expected',
        'gateway.yaml:8:26 `remove` is not true or false',
        'gateway.yaml:8:31 `up` is unknown here',
        'gateway.yaml:9:5 The action has update and remove',
        'gateway.yaml:10:24 "$x" is no JSONPath: Nothing of JSONPath begins here (character 2)',
        'gateway.yaml:11:5 The action changes nothing',
      ],
    )
    assert.equal(root.info.title, 'Books')
  })

  it('that cannot be read are told like any other file', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'api.yaml'), API)
    const { findings } = await loadDocuments(['api.yaml'], { root: folder.path, overlays: ['none.yaml'] })
    assert.deepEqual(
      findings.map(({ rule, at }) => `${rule} ${at.file}`),
      ['unreadable none.yaml'],
    )
  })
})
