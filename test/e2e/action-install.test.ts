import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, mkdir, readdir, symlink } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'

import { actionJob, manifest, scripted } from '../support/action-job.ts'
import { debianTools } from '../support/debian-tools.ts'
import { startPackageRegistry } from '../support/package-registry.ts'
import { repositoryRoot } from '../support/source-tree.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const run = promisify(execFile)
const skip = debianTools('shellcheck')

describe('what the action installs', () => {
  it('is the version of the action itself, an exact one, or nothing', async () => {
    await using published = await temporaryFolder({
      'own/package.json': manifest(await ownVersion()),
      'own/bin/run.js': "process.stdout.write('own\\n')\n",
      'other/package.json': manifest('9.9.9'),
      'other/bin/run.js': "process.stdout.write('other\\n')\n",
    })
    await using registry = await startPackageRegistry(
      ['own', 'other'].map((name) => join(published.path, name)),
    )
    await using here = await actionJob(scripted)
    const install = async (version: string) => here.act({ version }, { env: { ...registry.env } })
    const own = await install('')
    assert.match(own.log, /^own$/m)
    assert.match((await install('9.9.9')).log, /^other$/m)
    assert.deepEqual(registry.fetched, [`barbacane-${await ownVersion()}.tgz`, 'barbacane-9.9.9.tgz'])
    for (const range of ['^1.2.3', 'latest', '1.2', '1.2.3;x', 'file:../x']) {
      const { exit, log } = await install(range)
      assert.equal(exit, 2)
      assert.match(log, /^::error title=barbacane::The version has to be exact/m)
    }
  })

  it('is the package that holds the action, where it was installed with npm', async () => {
    await using here = await actionJob(scripted)
    await here.write({
      'checkout/dist/built.js': '',
      'checkout/bin/run.js': "process.stdout.write('in place\\n')\n",
    })
    const { exit, log } = await here.act({ version: '' })
    assert.equal(exit, 0, log)
    assert.match(log, /^in place$/m)
  })

  it('has a Node that is new enough, from the runner or from npm', async () => {
    await using here = await actionJob(`process.stdout.write('on ' + process.execPath + '\\n')\n`)
    // Old to whoever asks for its version, and good enough for npm.
    const old = `#!/bin/sh\nif [ "$1" = -p ]; then echo 20; else exec '${process.execPath}' "$@"; fi\n`
    await here.write({ 'old/node': old })
    await chmod(join(here.path, 'old/node'), 0o755)
    const env = { PATH: `${join(here.path, 'old')}${delimiter}${process.env['PATH']}` }

    const tools = join(here.path, 'tools')
    await mkdir(join(tools, 'node/24.1.0/x64/bin'), { recursive: true })
    await symlink(process.execPath, join(tools, 'node/24.1.0/x64/bin/node'))
    const found = await here.act({}, { env: { ...env, RUNNER_TOOL_CACHE: tools } })
    assert.equal(found.exit, 0, found.log)

    const node = `node-${process.platform}-${process.arch}`
    await here.write({
      'node/package.json': JSON.stringify({ name: node, version: '24.21.0', files: ['bin'] }),
      'node/bin/node': `#!/bin/sh\necho 24 from npm\n`,
    })
    await chmod(join(here.path, 'node/bin/node'), 0o755)
    await using registry = await startPackageRegistry([join(here.path, 'node')])
    const fetched = await here.act({}, { env: { ...env, ...registry.env } })
    assert.deepEqual(registry.fetched, [`${node}-24.21.0.tgz`], fetched.log)
  })

  it('says what is missing', async () => {
    await using here = await actionJob(scripted)
    const { exit, log } = await here.act({ 'working-directory': '..' })
    assert.equal(exit, 2)
    assert.match(log, /^::error title=barbacane::barbacane is not in .*Install the dependencies/m)
  })
})

describe('the scripts of the action', { skip }, () => {
  it('pass shellcheck', async () => {
    const names = await readdir(join(repositoryRoot, 'action'))
    assert.ok(names.length > 0)
    await run('shellcheck', ['--shell=bash', '--severity=style', ...names], {
      cwd: join(repositoryRoot, 'action'),
    })
  })
})

async function ownVersion(): Promise<string> {
  const { stdout } = await run(process.execPath, ['-p', "require('./package.json').version"], {
    cwd: repositoryRoot,
  })
  return stdout.trim()
}
