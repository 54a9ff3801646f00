import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { describe, it } from 'node:test'
import { text } from 'node:stream/consumers'

import { barbacane, isolatedEnv } from '../support/binary.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

async function lint(input: string, args: readonly string[], cwd: string) {
  const [program, script] = barbacane()
  const child = spawn(program, [script, 'lint', ...args], { cwd, env: isolatedEnv(cwd) })
  child.stdin.end(input)
  const exit = new Promise((resolve) => child.on('close', resolve))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { exit: await exit, stdout, stderr }
}

const api = (rest: string) => `openapi: 3.1.0\ninfo: { title: t, version: '1' }\n${rest}`
const part = "get:\n  x-barbacane-dispatch: { name: mock }\n  responses: { '200': { description: d } }\n"

describe('lint -', () => {
  it('reads one document from stdin', async () => {
    await using folder = await temporaryFolder()
    const { exit, stdout } = await lint(api('x-barbacane-owner-team: 1\npaths: {}\n'), ['-'], folder.path)
    assert.equal(exit, 0)
    assert.match(stdout, /^stdin\n {2}3:1 {2}warning {2}The extension `x-barbacane-owner-team` is unknown/)
    const json = await lint('{ "openapi": "3.1.0", }', ['-'], folder.path)
    assert.equal(json.exit, 3)
    assert.match(json.stdout, /syntax E1002/)
  })

  it('puts it in the place of a file of the project', async () => {
    await using folder = await temporaryFolder({
      'barbacane.yaml': 'version: 1\nlint: { rules: { extension-unknown: error } }\n',
      'specs/api.yaml': api('x-barbacane-on-disk: 1\n'),
      'specs/part.yaml': part,
    })
    const draft = api('x-barbacane-drafted-by: 1\npaths: { /a: { $ref: part.yaml } }\n')
    const args = ['-', '--stdin-filename', 'specs/api.yaml']
    const { exit, stdout } = await lint(draft, args, folder.path)
    assert.equal(exit, 3)
    assert.match(
      stdout,
      /^specs\/api\.yaml\n {2}3:1 {2}error {4}The extension `x-barbacane-drafted-by`[^\n]*\n[^\n]*\n\n1 error in 1 file\.\n$/,
    )
  })

  it('takes nothing else', async () => {
    await using folder = await temporaryFolder()
    for (const args of [
      ['-', 'a.yaml'],
      ['-', '--staged'],
      ['--stdin-filename', 'a.yaml'],
    ]) {
      const { exit, stderr } = await lint('', args, folder.path)
      assert.equal(exit, 2)
      assert.match(stderr, /BCN_CLI_USAGE/)
    }
  })
})
