import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { decodeArtifact } from '../../src/artifact/index.ts'
import { barbacane, isolatedEnv } from '../support/binary.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { repositoryRoot } from '../support/source-tree.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const bookshop = join(repositoryRoot, 'examples/bookshop')

async function commitProject(folder: string): Promise<void> {
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: folder, env: isolatedEnv(folder), encoding: 'utf8' })
  await writeFile(join(folder, '.gitignore'), '*.bca\n')
  git('init', '-q')
  git('add', '.')
  git('commit', '-q', '-m', 'first')
}

describe('barbacane compile', { concurrency: 2 }, () => {
  it('gives the same bytes in every folder, time zone, locale and umask', async () => {
    await using scratch = await temporaryFolder()
    const builds = [
      { folder: 'one', env: { TZ: 'UTC', LC_ALL: 'C' }, umask: '022' },
      { folder: 'another/deeper folder', env: { TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8' }, umask: '077' },
    ]
    const artifacts = []
    for (const { folder, env, umask } of builds) {
      const root = join(scratch.path, folder)
      await cp(bookshop, root, { recursive: true })
      await commitProject(root)
      const { exit, stderr } = await runBarbacane(['compile', '-o', 'a.bca', '--allow-plaintext'], {
        cwd: root,
        env,
        wrap: ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh'],
      })
      assert.equal(exit, 0, stderr)
      artifacts.push(await readFile(join(root, 'a.bca')))
    }
    const [first, second] = artifacts as [Buffer, Buffer]
    assert.ok(first.equals(second))
    const { provenance, build_timestamp: built } = decodeArtifact(first).manifest
    assert.equal(built, '2026-01-02T03:04:05Z', 'the time of the commit')
    assert.equal(provenance.dirty, false)
    assert.match(provenance.commit ?? '', /^[0-9a-f]{40}$/)
  })

  it('records changes that are not committed', async () => {
    await using folder = await temporaryFolder()
    await cp(join(repositoryRoot, 'templates/minimal'), folder.path, { recursive: true })
    await commitProject(folder.path)
    await writeFile(join(folder.path, 'README.md'), 'changed\n')
    const env = { SOURCE_DATE_EPOCH: '86400' }
    const { stdout } = await runBarbacane(['compile', '-o', 'a.bca', '--json'], { cwd: folder.path, env })
    const { result } = JSON.parse(stdout) as { result: Record<string, unknown> }
    assert.equal((result['provenance'] as { dirty: unknown }).dirty, true)
    assert.equal(result['build_timestamp'], '1970-01-02T00:00:00Z')
  })

  it('leaves the file of before, and no other, when it fails', async () => {
    await using folder = await temporaryFolder({
      'barbacane.yaml': 'version: 1\n',
      'specs/api.yaml': 'openapi: 3.1.0\npaths: {}\n',
      'a.bca': 'before',
    })
    const { exit } = await runBarbacane(['compile', '-o', 'a.bca'], { cwd: folder.path })
    assert.equal(exit, 3)
    assert.equal(await readFile(join(folder.path, 'a.bca'), 'utf8'), 'before')
    assert.deepEqual((await readdir(folder.path)).toSorted(), ['a.bca', 'barbacane.yaml', 'specs'])
  })

  it('leaves nothing when it is interrupted', { skip: process.platform === 'win32' }, async () => {
    await using folder = await temporaryFolder()
    const project = join(folder.path, 'project')
    await cp(join(repositoryRoot, 'templates/minimal'), project, { recursive: true })
    await commitProject(project)
    // A git that waits holds the compiler at a known place.
    const bin = join(folder.path, 'bin')
    await mkdir(bin)
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim()
    const waiting = `#!/bin/sh\ntouch "${bin}/asked"\nwhile [ ! -e "${bin}/go" ]; do sleep 0.02; done\nexec "${real}" "$@"\n`
    await writeFile(join(bin, 'git'), waiting)
    await chmod(join(bin, 'git'), 0o755)
    const env = isolatedEnv(folder.path)
    const [program, ...first] = barbacane()
    const child = spawn(program, [...first, 'compile', '-o', 'a.bca'], {
      cwd: project,
      env: { ...env, PATH: `${bin}:${env['PATH']}` },
      stdio: 'ignore',
    })
    const closed = once(child, 'close')
    while (!(await exists(join(bin, 'asked')))) await sleep(20)
    child.kill('SIGINT')
    await writeFile(join(bin, 'go'), '')
    const [exit] = (await closed) as [number | null]
    assert.equal(exit, 130)
    assert.deepEqual(
      (await readdir(project)).filter((name) => name.includes('.bca')),
      [],
    )
  })
})

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
