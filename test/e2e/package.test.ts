import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'

import { readCommands } from '../support/command-line.ts'
import { repositoryRoot } from '../support/source-tree.ts'

const run = promisify(execFile)
const parts = [
  '.github',
  'action',
  'action.yml',
  'bin',
  'docs',
  'examples',
  'schemas',
  'scripts',
  'src',
  'templates',
  'package.json',
  'LICENSE',
]
let scratch: string

// A copy: what is built here must not become what developers run.
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'barbacane-package-'))
  for (const part of parts) {
    await cp(join(repositoryRoot, part), join(scratch, part), { recursive: true })
  }
  await symlink(join(repositoryRoot, 'node_modules'), join(scratch, 'node_modules'), 'junction')
  await run(process.execPath, [join(scratch, 'scripts/build.ts')])
})

after(() => rm(scratch, { recursive: true, force: true }))

describe('the package', () => {
  it('holds what it runs on and nothing of its making', async () => {
    const npm = join(scratch, 'node_modules/npm/bin/npm-cli.js')
    const pack = [npm, 'pack', '--dry-run', '--json', '--ignore-scripts']
    const { stdout } = await run(process.execPath, pack, { cwd: scratch, maxBuffer: 64 * 1024 * 1024 })
    const [{ files }] = JSON.parse(stdout) as [{ files: readonly { path: string }[] }]
    const paths = new Set(files.map(({ path }) => path))
    for (const path of [
      '.github/workflows/gitops.yml',
      'action.yml',
      'action/run.sh',
      'bin/run.js',
      'dist/LICENSES.md',
      'dist/commands/explain.js',
      'dist/hooks/command-not-found.js',
      'dist/runtime/main.js',
      'dist/start.js',
      'oclif.manifest.json',
      'docs/reference/errors/BCN_CLI_USAGE.md',
      'schemas/output/envelope.json',
      'templates/basic/barbacane.yaml',
      'templates/deploy/docker/Dockerfile',
      'templates/plugin/assemblyscript/package.json',
      'templates/plugin/rust/dot-cargo/config.toml',
      'examples/bookshop/barbacane.yaml',
      'LICENSE',
    ]) {
      assert.ok(paths.has(path), `${path} is missing`)
    }
    const stray = [...paths].filter(
      (path) => /^(src|test|scripts|bench)\//.test(path) || path.endsWith('.map'),
    )
    assert.deepEqual(stray, [])
  })

  it('has a manifest with every command, so that a start loads one', async () => {
    const manifest = JSON.parse(await readFile(join(scratch, 'oclif.manifest.json'), 'utf8')) as {
      commands: Record<string, { relativePath: string[] }>
    }
    const ids = (await readCommands()).map(({ id }) => id)
    assert.deepEqual(Object.keys(manifest.commands).toSorted(), ids.toSorted())
    for (const { relativePath } of Object.values(manifest.commands))
      await stat(join(scratch, ...relativePath))
  })

  it('runs what was built', async () => {
    await rm(join(scratch, 'src'), { recursive: true })
    const script = join(scratch, 'bin/run.js')
    if (process.platform !== 'win32') assert.ok((await stat(script)).mode & 0o100)
    const { stdout } = await run(process.execPath, [script, 'explain', 'BCN_CLI_USAGE', '--json'])
    assert.equal((JSON.parse(stdout) as { ok: boolean }).ok, true)
  })
})
