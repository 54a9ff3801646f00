import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { applyFixes, lint } from '../../../../src/compiler/lint/index.ts'
import { misspeltName } from '../../../../src/domain/index.ts'
import { documentSet } from '../../../support/documents.ts'

const context = { plugins: undefined, allowPlaintext: false }

function fix(path: string, text: string) {
  return applyFixes(text, lint(documentSet({ [path]: text }), context))
}

describe('applyFixes', () => {
  it('corrects misspelt keys where they stand, with their quotes, in YAML and JSON', () => {
    const text = `openapi: 3.1.0
x-barbacane-middlewares: []
"x-barbacane-mpc": { enable: true } # x-barbacane-mpc
paths:
  /a:
    get:
      'x-barbacane-dispach': { nmae: mock, confg: { nmae: x } }
      x-barbacane-dispatch-too: 1
`
    const { text: corrected, fixed } = fix('a.yaml', text)
    assert.equal(
      corrected,
      text
        .replace('"x-barbacane-mpc"', '"x-barbacane-mcp"')
        .replace("'x-barbacane-dispach'", "'x-barbacane-dispatch'"),
    )
    assert.deepEqual(fixed, [
      {
        rule: 'extension-unknown',
        file: 'a.yaml',
        line: 3,
        col: 1,
        from: 'x-barbacane-mpc',
        to: 'x-barbacane-mcp',
      },
      {
        rule: 'extension-unknown',
        file: 'a.yaml',
        line: 7,
        col: 7,
        from: 'x-barbacane-dispach',
        to: 'x-barbacane-dispatch',
      },
    ])
    assert.equal(
      fix('a.yaml', corrected).text,
      corrected.replace('nmae: mock, confg', 'name: mock, config').replace('enable:', 'enabled:'),
    )
    const json = '{\r\n "openapi": "3.1.0",\r\n "x-barbacane-middleware": [] }'
    assert.equal(fix('a.json', json).text, json.replace('middleware', 'middlewares'))
  })

  it('leaves alone what could mean two things, or would make a key stand twice', () => {
    for (const text of [
      'openapi: 3.1.0\nx-barbacane-middlewares: []\nx-barbacane-middleware: []\n',
      'openapi: 3.1.0\nx-barbacane-middlewars: []\nx-barbacane-middleware: []\n',
      'openapi: 3.1.0\nx-barbacane-notes: []\n',
    ]) {
      assert.deepEqual(fix('a.yaml', text), { text, fixed: [] })
    }
    assert.equal(misspeltName('cat', ['bat', 'hat']), undefined)
    assert.equal(misspeltName('cat', ['bats', 'hat']), 'hat')
    assert.equal(misspeltName('x'.repeat(100), ['x'.repeat(99)]), undefined)
  })

  it('changes no place where another word stands', () => {
    const [finding] = lint(documentSet({ 'a.yaml': 'openapi: 3.1.0\nx-barbacane-mpc: {}\n' }), context)
    assert.ok(finding?.fix)
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!text.includes('x-barbacane-mpc'))
        assert.deepEqual(applyFixes(text, [finding]), { text, fixed: [] })
      }),
    )
  })
})
