import assert from 'node:assert/strict'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import type { Finding } from '../../src/domain/index.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { repositoryRoot } from '../support/source-tree.ts'
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

const api = `openapi: 3.1.0
info: { title: Books, version: '1' }
servers: [{ url: 'http://books.example' }]
paths:
  /books:
    get:
      operationId: list books
      x-barbacane-dispatch: { name: mock }
      responses: { '200': { $ref: '../parts/responses.yaml#/Books' } }
`
const project = {
  'barbacane.yaml': 'version: 1\n',
  'specs/books.yaml': api,
  'specs/channels.yaml': `asyncapi: 3.0.0
info: { title: Orders, version: '1' }
`,
  'parts/responses.yaml': `Books:
  description: Books.
  content: { application/json: { schema: { type: array, items: { type: string } } } }
`,
  '.spectral.yaml': `extends: ['spectral:oas']
functionsDir: functions
functions: [crash]
rules:
  info-description: error
  hint: { given: '$.paths[*][get]', severity: hint, then: { field: tags, function: truthy } }
`,
  'functions/crash.js': `export default () => { throw new TypeError('a rule that crashes') }\n`,
  'crash.yaml': `functions: [crash]
rules:
  crashing: { given: $.info, then: { function: crash } }
  info-description: { given: $.info, then: { field: description, function: truthy } }
`,
  'broken.yaml': 'rules: { a: { given: 1 } }\n',
}

const REFERENCED = `rules:
  no-full-stop: { given: $..description, then: { function: pattern, functionOptions: { notMatch: '[.]$' } } }
`

describe('lint --ruleset with the Spectral that is published', () => {
  const lint = async (folder: TemporaryFolder, ruleset: string) => {
    await symlink(join(repositoryRoot, 'test/judges/node_modules'), join(folder.path, 'node_modules'))
    const args = ['lint', '--ruleset', ruleset, '--json']
    const { exit, stdout, stderr } = await runBarbacane(args, { cwd: folder.path })
    const { result } = JSON.parse(stdout) as { result: { findings: readonly Finding[] } }
    const own = result.findings.filter(({ rule }) => rule.startsWith('spectral:'))
    return { exit, stderr, own, all: result.findings }
  }
  const placeOf = ({ severity, at: { file, line, col, pointer } }: Finding) =>
    `${severity} ${file}:${line}:${col} ${pointer}`

  it('merges what its rules find', async () => {
    await using folder = await temporaryFolder(project)
    const { exit, own, all } = await lint(folder, '.spectral.yaml')
    assert.equal(exit, 3)
    const found = Object.fromEntries(own.map((finding) => [finding.rule, placeOf(finding)]))
    const operation = 'specs/books.yaml:6:9 /paths/~1books/get'
    assert.equal(found['spectral:info-description'], 'error specs/books.yaml:2:6 /info')
    assert.equal(found['spectral:operation-tags'], `warning ${operation}`)
    assert.equal(found['spectral:hint'], `info ${operation}`)
    assert.match(found['spectral:operation-operationId-valid-in-url'] ?? '', /specs\/books\.yaml:7:20 /)
    assert.match(found['spectral:unrecognized-format'] ?? '', /^warning specs\/channels\.yaml:1:1/)
    assert.deepEqual(
      all.filter((finding) => !own.includes(finding)).map(({ rule }) => rule),
      ['https-server'],
    )
  })

  it('names a place in a file that a description refers to', async () => {
    await using folder = await temporaryFolder({ ...project, '.spectral.yaml': REFERENCED })
    const { own } = await lint(folder, '.spectral.yaml')
    assert.deepEqual(own.map(placeOf), ['warning parts/responses.yaml:2:16 /Books/description'])
  })

  it('makes a finding of a rule that crashes and of a ruleset that is none', async () => {
    const rulesets = {
      'crash.yaml': /^Spectral failed with this ruleset: .*"crash" threw an exception: a rule that crashes$/,
      'broken.yaml': /^Spectral failed with this ruleset: .*broken\.yaml:1:22 .* valid JSON Path/,
    }
    for (const [ruleset, message] of Object.entries(rulesets)) {
      await using folder = await temporaryFolder(project)
      const { exit, own } = await lint(folder, ruleset)
      assert.equal(exit, 3)
      const [failed, ...more] = own
      assert.deepEqual(
        [failed?.rule, failed?.at, more],
        ['spectral:failed', { file: ruleset, line: 1, col: 1 }, []],
      )
      assert.match(failed?.message ?? '', message)
    }
  })
})
