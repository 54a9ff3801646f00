import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { startRegistry } from '../support/registry/index.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const description = (parameter = '') => `openapi: 3.1.0
info: { title: Greetings, version: 1.0.0 }
servers: [{ url: https://api.example.com }]
paths:
  /greeting:
    get:
      operationId: greet
      parameters: [${parameter}]
      responses: { '200': { description: A greeting }, 4XX: { description: Not understood } }
      x-barbacane-dispatch: { name: mock, config: { body: hello } }
`
const files = {
  'barbacane.yaml': 'version: 1\n',
  'specs/a.yaml': description(),
  'before.yaml': description(),
  'after.yaml': description('{ name: of, in: query, required: true, schema: { type: boolean } }'),
}

/** Runs a command as a step of a workflow; returns what the workflow gets. */
async function runStep(cwd: string, args: readonly string[]) {
  const env = { GITHUB_OUTPUT: join(cwd, 'outputs.txt'), GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') }
  const { exit, stderr } = await runBarbacane(args, { cwd, env })
  const read = async (path: string) => (existsSync(path) ? await readFile(path, 'utf8') : '')
  const lines = (await read(env.GITHUB_OUTPUT)).split('\n').filter((line) => line !== '')
  const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) as Record<
    string,
    string
  >
  return { exit, stderr, outputs, summary: await read(env.GITHUB_STEP_SUMMARY) }
}

describe('a step of GitHub Actions', () => {
  it('gets the counts and the table of lint', async () => {
    await using folder = await temporaryFolder(files)
    const good = await runStep(folder.path, ['lint'])
    assert.deepEqual(good.outputs, { findings: '0', errors: '0', warnings: '0' }, good.stderr)
    assert.match(good.summary, /^## No findings in 1 file\n\n$/m)
    await folder.write({ 'specs/a.yaml': description().replace('name: mock', 'name: mok') })
    const bad = await runStep(folder.path, ['lint'])
    assert.deepEqual([bad.exit, bad.outputs['findings'], bad.outputs['errors']], [3, '1', '1'])
    assert.match(bad.summary, /^\| \d+:\d+ \| error \| .*`mok`.* \| `plugin-unknown` \|$/m)
  })

  it('gets the counts of diff and what breaks clients', async () => {
    await using folder = await temporaryFolder(files)
    const { outputs, summary } = await runStep(folder.path, ['diff', 'before.yaml', 'after.yaml'])
    assert.deepEqual(outputs, { breaking: '1', risky: '0', safe: '0' })
    assert.match(summary, /^- \*\*parameter-required-added\*\*/m)
  })

  it('gets names and digests of compile and push', async () => {
    await using folder = await temporaryFolder(files)
    await using registry = await startRegistry()
    const compiled = await runStep(folder.path, ['compile', '-o', 'api.bca'])
    assert.deepEqual(Object.keys(compiled.outputs), [
      'artifact',
      'artifact-hash',
      'artifact-digest',
      'commit',
    ])
    assert.match(compiled.outputs['artifact-digest'] ?? '', /^sha256:[0-9a-f]{64}$/)
    assert.equal(compiled.outputs['commit'], '')
    const pushed = await runStep(folder.path, ['push', 'api.bca', `${registry.address}/apis/a:1`])
    const { reference, 'image-digest': digest } = pushed.outputs
    assert.equal(reference, `${registry.address}/apis/a@${digest}`)
    assert.ok(pushed.summary.endsWith(`### Pushed\n\n\`${reference}\`\n\n`))
  })

  it('reads why there is no result, with the findings as code and nothing of theirs as markup', async () => {
    await using folder = await temporaryFolder({
      ...files,
      'specs/a.yaml': description().replace('name: mock', 'name: "<img>|@team"'),
    })
    const { exit, outputs, summary } = await runStep(folder.path, ['compile', '-o', 'api.bca'])
    assert.deepEqual([exit, outputs], [3, {}])
    assert.match(summary, /^### `barbacane compile`: BCN_COMPILE_FINDINGS\n\n> .+\n>\n> .+\n\n\| Place \|/)
    assert.match(summary, /^\| specs\/a\.yaml&#58;10&#58;37 \| error \| The dispatcher `<img>\\\|@team` is /m)
    const unknown = await runStep(folder.path, ['compile', '--no-such-flag'])
    assert.match(unknown.summary, /### `barbacane compile`: BCN_CLI_USAGE/)
  })
})
