import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { runBarbacane } from '../support/run-barbacane.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const api = `openapi: 3.1.0
info: { title: t, version: '1' }
paths:
  /a:
    get: { x-barbacane-dispatch: { name: mock }, responses: { '200': { description: d } } }
`

/** Speaks the command line and the JSON of Spectral's; the ruleset says what it finds. */
const spectral = `#!/usr/bin/env node
const { readFileSync } = require('node:fs')
const { resolve } = require('node:path')
const [command, ...rest] = process.argv.slice(2)
const flag = rest.indexOf('-r')
const documents = rest.slice(0, flag)
const [, ruleset, f, format, quiet] = rest.slice(flag)
if (command !== 'lint' || f !== '-f' || format !== 'json' || quiet !== '--quiet') process.exit(9)
const text = readFileSync(ruleset, 'utf8')
if (text.includes('crash')) {
  console.log('[]')
  console.error('Error running Spectral!\\nTypeError: boom')
  process.exit(2)
}
const range = { start: { line: 4, character: 4 }, end: { line: 4, character: 7 } }
const found = documents.map((document, severity) => (
  { code: 'operation-tags', path: ['paths', '/a', 'get'], message: 'No tags.', severity, range, source: resolve(document) }
))
console.log(JSON.stringify(text.includes('none') ? [] : found))
process.exit(found.length > 0 ? 1 : 0)
`
const installed = {
  'node_modules/@stoplight/spectral-cli/package.json':
    '{ "name": "@stoplight/spectral-cli", "version": "6.0.0", "bin": { "spectral": "./dist/index.js" }, "exports": {} }',
  'node_modules/@stoplight/spectral-cli/dist/index.js': spectral,
}
const project = {
  'barbacane.yaml': 'version: 1\n',
  'specs/a.yaml': api,
  'specs/b.yaml': api.replace('/a:', '/b:'),
  '.spectral.yaml': 'rules: {}\n',
}

describe('lint --ruleset', () => {
  it('runs the Spectral of the project and merges its findings', async () => {
    await using folder = await temporaryFolder({ ...project, ...installed })
    const lint = (...args: readonly string[]) =>
      runBarbacane(['lint', '--ruleset', '.spectral.yaml', ...args], { cwd: folder.path })
    const { exit, stdout } = await lint('--format', 'checkstyle')
    assert.equal(exit, 3)
    assert.deepEqual(stdout.match(/<error [^>]*spectral[^>]*>/g), [
      '<error line="5" column="5" severity="error" message="No tags." source="barbacane.spectral:operation-tags"/>',
      '<error line="5" column="5" severity="warning" message="No tags." source="barbacane.spectral:operation-tags"/>',
    ])
    const { result } = JSON.parse((await lint('--json')).stdout) as {
      result: { findings: { rule: string; at: object }[] }
    }
    const [found] = result.findings.filter(({ rule }) => rule === 'spectral:operation-tags')
    assert.deepEqual(found?.at, {
      file: 'specs/a.yaml',
      line: 5,
      col: 5,
      endLine: 5,
      endCol: 8,
      pointer: '/paths/~1a/get',
    })
    await lint('--write-baseline', 'known.json')
    assert.equal((await lint('--baseline', 'known.json')).exit, 0)
    await folder.write({ '.spectral.yaml': 'none' })
    assert.doesNotMatch((await lint()).stdout, /spectral/)
  })

  it('makes a finding of a rule that crashes', async () => {
    await using folder = await temporaryFolder({ ...project, ...installed, '.spectral.yaml': 'crash' })
    const { exit, stdout } = await runBarbacane(['lint', '--ruleset', '.spectral.yaml'], { cwd: folder.path })
    assert.equal(exit, 3)
    assert.match(
      stdout,
      /^\.spectral\.yaml\n {2}1:1 {2}error {4}Spectral failed with this ruleset: Error running Spectral! TypeError: boom {2}spectral:failed/m,
    )
  })

  it('says what is missing', async () => {
    await using folder = await temporaryFolder(project)
    const absent = await runBarbacane(['lint', '--ruleset', '.spectral.yaml'], { cwd: folder.path })
    assert.equal(absent.exit, 2)
    assert.match(
      absent.stderr,
      /BCN_LINT_RULESET\n {2}Cannot use the ruleset \.spectral\.yaml: @stoplight\/spectral-cli is not installed/,
    )
    const lost = await runBarbacane(['lint', '--ruleset', 'lost.yaml'], { cwd: folder.path })
    assert.match(lost.stderr, /Cannot use the ruleset lost\.yaml: it does not exist/)
  })
})
