import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { repositoryRoot } from '../support/source-tree.ts'

/** A Node on this machine that is older than the oldest one supported, if there is any. */
function findOldNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((path) => !path.includes('node_modules'))
  const candidates = [...folders, '/usr/bin', '/usr/local/bin'].map((folder) => join(folder, 'node'))
  return candidates.find((file) => {
    if (!existsSync(file)) return false
    const { stdout } = spawnSync(file, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' })
    return Number(stdout) < 24
  })
}

const oldNode = findOldNode()
const skip = oldNode === undefined ? 'this machine has no Node older than 24' : false
let scratch: string

// An installed package: no source, no development dependencies, nothing built.
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'barbacane-launcher-'))
  await cp(join(repositoryRoot, 'bin'), join(scratch, 'bin'), { recursive: true })
  await cp(join(repositoryRoot, 'package.json'), join(scratch, 'package.json'))
})

after(() => rm(scratch, { recursive: true, force: true }))

function run(args: readonly string[]) {
  return spawnSync(oldNode as string, [join(scratch, 'bin/run.js'), ...args], { encoding: 'utf8' })
}

describe('bin/run.js under an old Node', { skip }, () => {
  it('says the version', () => {
    const { stdout, status } = run(['--version'])
    assert.match(stdout, /^barbacane \d+\.\d+\.\d+\n$/)
    assert.equal(status, 0)
  })

  it('says what it needs when there is no newer one beside it', () => {
    const { stdout, stderr, status } = run(['explain'])
    assert.equal(stdout, '')
    assert.match(stderr, /^barbacane needs Node 24 or newer; this is Node \d+\.\d+\.\d+ \(.+\)\.\n/)
    assert.equal(status, 2)
  })

  it('runs on the newer one beside it, with its arguments, signals and exit code', async () => {
    const home = join(scratch, 'node_modules/node')
    await mkdir(join(home, 'bin'), { recursive: true })
    await writeFile(join(home, 'package.json'), '{ "version": "24.21.0" }')
    await symlink(process.execPath, join(home, 'bin/node'))
    const start = `export async function start() {
      process.once('SIGTERM', () => process.exit(42))
      setInterval(() => {}, 1000)
      console.log(process.versions.node.split('.')[0], process.argv.slice(2).join(' '))
    }`
    await writeFile(join(scratch, 'bin/start.js'), start)
    const child = spawn(oldNode as string, [join(scratch, 'bin/run.js'), 'a', '--b=c d'])
    const [output] = (await once(child.stdout, 'data')) as [Buffer]
    assert.match(output.toString(), /^2[4-9] a --b=c d\n$/)
    child.kill('SIGTERM')
    assert.deepEqual(await once(child, 'exit'), [42, null])
  })
})
