import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'
import { load } from 'js-yaml'
import { Document, isCollection, visit } from 'yaml'

import { formatText } from '../../../../src/compiler/format/index.ts'

const description = `# top
openapi: 3.1.0 # v
x-barbacane-middlewares: [{ config: { a: 'x', "b": [1, 0x10] , e: {}}, name: my-auth }] # here
paths:
  /a:
    get:
      # before
      x-barbacane-dispatch: { name: mock }

      responses: { '200': {description: ok} }
    put:
      x-barbacane-dispatch:
        config: # on config
          url: https://a.example # url
          body: |
            hello
              # no comment
        # on name
        name: "http-upstream" # n
      responses: {}
    post: { x-barbacane-dispatch: { config: {}, name: mock } }
    head:
      x-barbacane-dispatch: { config: &c {}, name: mock }
`
const normal = `# top
openapi: 3.1.0 # v
x-barbacane-middlewares:
  - name: my-auth
    config:
      a: 'x'
      "b":
        - 1
        - 0x10
      e: {}
  # here
paths:
  /a:
    get:
      # before
      x-barbacane-dispatch:
        name: mock

      responses: { '200': {description: ok} }
    put:
      x-barbacane-dispatch:
        # on name
        name: "http-upstream" # n
        config:
          # on config
          url: https://a.example # url
          body: |
            hello
              # no comment
      responses: {}
    post: { x-barbacane-dispatch: { config: {}, name: mock } }
    head:
      x-barbacane-dispatch: { config: &c {}, name: mock }
`

const text = fc.oneof(
  fc.constantFrom(
    'name',
    'config',
    '# x',
    'a: b',
    '- a',
    'yes',
    '0x10',
    '1.0',
    '',
    ' ',
    'line\nline\n',
    '\t',
    '~',
    '"',
    "'",
  ),
  fc.string({ maxLength: 6 }),
)
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('map'),
  ),
  list: fc.array(tie('any'), { maxLength: 3 }),
  map: fc.dictionary(text, tie('any'), { maxKeys: 3 }),
})).any
const entry = fc.record({ config: value, extra: value, name: text }, { requiredKeys: [] })
const api = fc.record({
  'x-barbacane-middlewares': fc.array(entry, { maxLength: 3 }),
  other: value,
  'x-barbacane-mcp': value,
  get: fc.record({ 'x-barbacane-dispatch': entry, tags: value }),
})

/** A text for a value, with flow collections, comments and quotes where chance wants them. */
function write(data: unknown, chances: readonly number[], ending: string): string {
  const document = new Document(data, { aliasDuplicateObjects: false })
  let index = 0
  const chance = () => chances[index++ % chances.length] ?? 0
  visit(document, {
    Node: (key, node) => {
      if (isCollection(node) && chance() === 1) node.flow = true
      if (chance() === 2 && key !== 'key') node.comment = ' a comment'
      if (chance() === 3 && key !== 'key') node.commentBefore = ' one before'
    },
  })
  return document.toString().replaceAll('\n', ending)
}

describe('formatText', () => {
  it('rewrites extensions and nothing else', () => {
    assert.equal(formatText(description, 'description'), normal)
    assert.equal(
      formatText(description.replaceAll('\n', '\r\n'), 'description'),
      normal.replaceAll('\n', '\r\n'),
    )
    assert.equal(formatText(normal, 'description'), normal)
  })

  it('orders the keys of a barbacane.yaml with their comments', () => {
    const manifest =
      '# yaml-language-server: x\nspecs: a\n# on plugins\nplugins:\n  # in\n  a: { path: b }\n\n# on version\nversion: 1 # one\n'
    const ordered =
      '# yaml-language-server: x\n# on version\nversion: 1 # one\nspecs: a\n# on plugins\nplugins:\n  # in\n  a: { path: b }\n\n'
    assert.equal(formatText(manifest, 'manifest'), ordered)
    assert.equal(formatText(ordered, 'manifest'), ordered)
    assert.equal(formatText('{ specs: a, version: 1 }', 'manifest'), '{ specs: a, version: 1 }')
    assert.equal(formatText('specs: a\nversion: 1', 'manifest'), 'version: 1\nspecs: a')
  })

  it('leaves the key behind a comment alone', () => {
    const block = 'get:\n  x-barbacane-dispatch:\n    extra:\n      - false\n      # a comment\n'
    const next = '  tags: { name: null }\n'
    assert.equal(formatText(block + next, 'description'), block + next)
  })

  it('refuses what is no YAML', () => {
    assert.deepEqual(formatText('a: [', 'description'), { reason: 'it is no valid YAML' })
  })

  it('never changes what is parsed, keeps every comment, and is done after once', () => {
    let changed = 0
    fc.assert(
      fc.property(
        api,
        fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 9 }),
        fc.constantFrom('\n', '\r\n'),
        (data, chances, ending) => {
          const before = write(data, chances, ending)
          const after = formatText(before, 'description')
          if (typeof after !== 'string') return fc.pre(false)
          if (after !== before) changed += 1
          assert.deepEqual(load(after), load(before))
          assert.equal(
            after.match(/a comment|one before/g)?.length,
            before.match(/a comment|one before/g)?.length,
          )
          assert.equal(formatText(after, 'description'), after)
        },
      ),
      { numRuns: 300 },
    )
    assert.ok(changed > 50, `${changed} of 300 texts were changed`)
  })

  it('never changes what a manifest says', () => {
    const keys = fc.uniqueArray(fc.constantFrom('version', 'specs', 'plugins', 'verify', 'lint', 'other'), {
      minLength: 1,
    })
    fc.assert(
      fc.property(
        keys,
        value,
        fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 9 }),
        (names, data, chances) => {
          const before = write(Object.fromEntries(names.map((name) => [name, data])), chances, '\n')
          const after = formatText(before, 'manifest')
          if (typeof after !== 'string') return fc.pre(false)
          assert.deepEqual(load(after), load(before))
          assert.deepEqual(after.split('\n').toSorted(), before.split('\n').toSorted())
          assert.equal(formatText(after, 'manifest'), after)
        },
      ),
    )
  })
})
