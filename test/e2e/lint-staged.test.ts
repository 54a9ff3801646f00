import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'

import { barbacane, isolatedEnv } from '../support/binary.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

const exec = promisify(execFile)

const root = (path: string) => `openapi: 3.1.0
info: { title: t, version: '1' }
paths:
  /${path}: { $ref: './parts/${path}.yaml#/item' }
`
const good =
  "item:\n  get:\n    x-barbacane-dispatch: { name: mock }\n    responses: { '200': { description: d } }\n"
const bad = good.replace('    x-barbacane-dispatch: { name: mock }\n', '')

interface Repository extends TemporaryFolder {
  readonly git: (...args: readonly string[]) => Promise<{ stdout: string; stderr: string }>
}

async function repository(files: Readonly<Record<string, string>>): Promise<Repository> {
  const folder = await temporaryFolder(files)
  const git = (...args: readonly string[]) =>
    exec('git', [...args], { cwd: folder.path, env: isolatedEnv(folder.path) })
  await git('init', '-q')
  return { ...folder, git }
}

const project = {
  'README.md': 'text',
  'gateway/barbacane.yaml': 'version: 1\n',
  'gateway/specs/a.yaml': root('a'),
  'gateway/specs/b.yaml': root('b'),
  'gateway/specs/parts/a.yaml': good,
  'gateway/specs/parts/b.yaml': good,
}

describe('lint --staged', () => {
  it('reads the index, not the work tree', async () => {
    await using repo = await repository(project)
    await repo.git('add', '.')
    await repo.write({ 'gateway/specs/parts/a.yaml': bad })
    assert.deepEqual(await runBarbacane(['lint', '--staged'], { cwd: repo.path }), {
      exit: 0,
      stdout: 'ok No findings in 4 files.\n',
      stderr: '',
    })
    await repo.git('add', '.')
    await repo.write({ 'gateway/specs/parts/a.yaml': good })
    await rm(join(repo.path, 'gateway/barbacane.yaml'))
    const { exit, stdout } = await runBarbacane(['lint', '--staged'], { cwd: repo.path })
    assert.equal(exit, 3)
    assert.match(
      stdout,
      /^gateway\/specs\/parts\/a\.yaml\n {2}2:3 {2}error {4}GET \/a has no `x-barbacane-dispatch`/,
    )
  })

  it('finds the roots for a changed schema of the configuration of a plugin', async () => {
    const plugins = '{ filter: { path: f.wasm, schema: filter.json } }'
    await using repo = await repository({
      ...project,
      'gateway/barbacane.yaml': `version: 1\nplugins: ${plugins}\n`,
      'gateway/filter.json': '{ "type": "object" }\n',
      'gateway/specs/a.yaml': `x-barbacane-middlewares: [{ name: filter }]\n${root('a')}`,
    })
    await repo.git('add', '.')
    await repo.git('commit', '-q', '-m', 'sound')
    await repo.write({ 'gateway/filter.json': '{ "type": "object", "required": ["url"] }\n' })
    await repo.git('add', '.')
    const { exit, stdout } = await runBarbacane(['lint', '--staged'], { cwd: repo.path })
    assert.equal(exit, 3)
    assert.match(
      stdout,
      /^gateway\/specs\/a\.yaml\n {2}1:27 {2}error .*The configuration of `filter` has no `url`/,
    )
  })

  it('finds the roots that reach a changed file, one that is gone too, and says nothing of others', async () => {
    await using repo = await repository({ ...project, 'gateway/specs/parts/b.yaml': bad })
    await repo.git('add', '.')
    await repo.git('commit', '-q', '-m', 'b is bad')
    const lint = (...args: readonly string[]) =>
      runBarbacane(['lint', '--staged', ...args], { cwd: join(repo.path, 'gateway') })
    assert.deepEqual(await lint(), { exit: 0, stdout: '', stderr: '' })

    await repo.write({ 'README.md': 'other text', 'gateway/notes.yaml': 'x: 1' })
    await repo.git('add', '.')
    assert.deepEqual(await lint(), { exit: 0, stdout: '', stderr: '' })

    await repo.write({ 'gateway/specs/parts/a.yaml': `${good}# changed\n` })
    await repo.git('add', '.')
    const result = JSON.parse((await lint('--json')).stdout) as { result: { files: string[]; findings: [] } }
    assert.deepEqual(result.result.files, ['gateway/specs/a.yaml', 'gateway/specs/parts/a.yaml'])
    assert.deepEqual(result.result.findings, [])

    await repo.write({ 'gateway/barbacane.yaml': 'version: 1 # changed\n' })
    await repo.git('add', 'gateway/barbacane.yaml')
    assert.equal((await lint()).exit, 3)
    assert.equal((await lint('specs/parts/a.yaml')).exit, 0)
    await repo.git('commit', '-q', '-m', 'changed')

    await repo.git('rm', '-q', 'gateway/specs/parts/a.yaml')
    const gone = await lint()
    assert.equal(gone.exit, 3)
    assert.match(gone.stdout, /The referenced file specs\/parts\/a\.yaml is missing/)
  })

  it('tells of a staged barbacane.yaml with faults where it really is', async () => {
    await using repo = await repository({ ...project, 'gateway/barbacane.yaml': 'version: 2\n' })
    await repo.git('add', '.')
    const { exit, stderr } = await runBarbacane(['lint', '--staged'], { cwd: repo.path })
    assert.equal(exit, 2)
    assert.match(stderr, /gateway\/barbacane\.yaml:1:10: gateway\/barbacane\.yaml has a fault\./)
    assert.doesNotMatch(stderr, /barbacane-staged/)
  })

  it('guards commits as a hook of git, with the index that git made for the commit', async () => {
    await using repo = await repository(project)
    await repo.git('add', '.')
    await repo.git('commit', '-q', '-m', 'first')
    const hook = join(repo.path, '.git/hooks/pre-commit')
    await mkdir(join(repo.path, '.git/hooks'), { recursive: true })
    const [program, script] = barbacane()
    await writeFile(
      hook,
      `#!/bin/sh\nexec '${program}' '${script}' lint --staged gateway/specs/parts/a.yaml >&2\n`,
    )
    await chmod(hook, 0o755)
    await repo.write({ 'gateway/specs/parts/a.yaml': bad })
    const refused = /gateway\/specs\/parts\/a\.yaml\n {2}2:3 {2}error/
    await assert.rejects(repo.git('commit', '-q', '-a', '-m', 'bad'), refused)
    await assert.rejects(repo.git('commit', '-q', '-m', 'bad', '--', 'gateway/specs'), refused)
    await repo.git('add', '.')
    await assert.rejects(repo.git('commit', '-q', '-m', 'bad'), refused)
    await repo.write({ 'gateway/specs/parts/a.yaml': `${good}# changed\n` })
    await repo.git('commit', '-q', '-a', '-m', 'good')
    assert.match((await repo.git('log', '--format=%s')).stdout, /^good\nfirst\n$/)
  })

  it('needs a repository', async () => {
    await using folder = await temporaryFolder({})
    const { exit, stderr } = await runBarbacane(['lint', '--staged'], { cwd: folder.path })
    assert.equal(exit, 2)
    assert.match(stderr, /BCN_LINT_NOT_IN_GIT/)
  })
})
