import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, describe, it, type TestContext } from 'node:test'
import { promisify } from 'node:util'

import { bcrypt } from 'hash-wasm'

import { decodeArtifact } from '../../src/artifact/index.ts'
import { planArtifact, route } from '../support/plan-artifact.ts'
import { runToExit, spawnGateway, type SpawnedGateway } from '../support/spawn-gateway.ts'
import { repositoryRoot } from '../support/source-tree.ts'
import { data, entry, watPlugin } from '../support/wat-plugin.ts'

const folder = join(repositoryRoot, 'dist-gateway')
const program = join(folder, 'barbacane-gateway')
const exec = promisify(execFile)

before(() => execFileSync('npm', ['run', 'build:gateway'], { cwd: repositoryRoot, stdio: 'pipe' }))

interface Provenance {
  readonly artifact_hash: string
  readonly on_disk_digest: string
  readonly workers?: readonly { readonly pid: number; readonly configurations: readonly object[] }[]
}

async function provenanceOf({ adminUrl }: { readonly adminUrl: string }): Promise<Provenance> {
  return (await (await fetch(`${adminUrl}/_admin/provenance`)).json()) as Provenance
}

/** The exit code of the program's own probe, and what it says. */
async function probe({
  adminUrl,
}: {
  readonly adminUrl: string
}): Promise<{ code: unknown; stderr: string }> {
  const env = { BARBACANE_ADMIN_BIND: new URL(adminUrl).host }
  return await exec(program, ['probe'], { env }).then(
    ({ stderr }) => ({ code: 0, stderr }),
    ({ code, stderr }: { code: unknown; stderr: string }) => ({ code, stderr }),
  )
}

async function untilReady(gateway: SpawnedGateway): Promise<void> {
  while ((await fetch(`${gateway.adminUrl}/ready`)).status !== 200)
    await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('the executable', () => {
  it('has no part of the command line, and the licences of all that it has', () => {
    const licences = readFileSync(join(folder, 'LICENSES.md'), 'utf8')
    const names = [...licences.matchAll(/^## (\S+) /gm)].map(([, name]) => name)
    assert.ok(names.includes('ajv') && names.includes('hash-wasm'), names.join())
    assert.ok(names.some((name) => name?.startsWith('node-')))
    assert.deepEqual(
      names.filter((name) => /^@oclif|^ink$|^listr2$|^simple-git$/.test(String(name))),
      [],
    )
  })

  it('serves an artifact and tells what it is, by all that a gateway has', async (context) => {
    const salt = Buffer.alloc(16, 1)
    const hash = await bcrypt({ password: 'pass', salt, costFactor: 4, outputType: 'encoded' })
    const credentials = [{ username: 'ops', password: hash }]
    const text = '{"status":418,"headers":{},"body":null}'
    const teapot = watPlugin({
      body: `${data(1024, text)} ${entry('dispatch', `(call $host_set_output (i32.const 1024) (i32.const ${text.length})) (i32.const 0)`)}`,
    })
    const artifact = planArtifact({
      routes: [
        route('GET', '/kept', { middlewares: [{ name: 'basic-auth', config: { credentials } }] }),
        route('GET', '/tea', { dispatch: { name: 'teapot', config: {} } }),
      ],
      plugins: { teapot },
    })
    const gateway = await spawnGateway(context, { artifact, program })
    const { manifest, digest } = decodeArtifact(artifact)
    const { artifact_hash: served, on_disk_digest: onDisk } = await provenanceOf(gateway)
    assert.deepEqual([served, onDisk], [manifest.artifact_hash, digest])
    const ask = async (user: string) => {
      const authorization = `Basic ${Buffer.from(user).toString('base64')}`
      return (await fetch(`${gateway.url}/kept`, { headers: { authorization } })).status
    }
    assert.deepEqual([await ask('ops:pass'), await ask('ops:Pass')], [200, 401])
    assert.equal((await fetch(`${gateway.url}/tea`)).status, 418)
    assert.equal(await gateway.stop(), 0)
  })

  it('asks itself whether it is ready: 0 while it wants requests, else 6', async (context) => {
    const artifact = planArtifact({ routes: [route('GET', '/a')] })
    const gateway = await spawnGateway(context, { artifact, program, flags: ['--drain-delay', '600'] })
    await untilReady(gateway)
    assert.deepEqual(await probe(gateway), { code: 0, stderr: '' })
    gateway.process.kill('SIGTERM')
    await gateway.logged(({ msg }) => msg === 'draining')
    const draining = await probe(gateway)
    assert.equal(draining.code, 6)
    assert.match(draining.stderr, /^error BCN_SERVE_NOT_READY: .* it answered 503\.\n/)
    await gateway.stop('SIGKILL')
    const gone = await probe(gateway)
    assert.equal(gone.code, 6)
    assert.match(gone.stderr, /ECONNREFUSED/)
  })

  it('starts itself as workers, which count together', async (context) => {
    const config = { quota: 10, window: 3600, partition_key: 'client_ip' }
    const artifact = planArtifact({
      routes: [route('GET', '/a', { middlewares: [{ name: 'rate-limit', config }] })],
    })
    const gateway = await spawnGateway(context, { artifact, program, flags: ['--workers', '2'] })
    await untilReady(gateway)
    const { workers = [], artifact_hash: hash } = await provenanceOf(gateway)
    assert.equal(hash, decodeArtifact(artifact).manifest.artifact_hash)
    assert.equal(workers.length, 2)
    for (const { pid, configurations } of workers) {
      assert.equal(configurations.length, 1)
      if (process.platform === 'linux') assert.equal(readlinkSync(`/proc/${pid}/exe`), program)
    }
    const asked = Array.from({ length: 40 }, () =>
      fetch(`${gateway.url}/a`, { headers: { connection: 'close' } }),
    )
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    assert.equal(statuses.filter((status) => status === 200).length, 10, statuses.join())
    assert.deepEqual(await probe(gateway), { code: 0, stderr: '' })
    assert.equal(await gateway.stop(), 0)
  })

  it('speaks of itself by its name, and refuses what it does not know', async (context) => {
    const { stdout } = await exec(program, ['--help'])
    assert.match(stdout, /^Usage: barbacane-gateway \[serve\] --artifact FILE/)
    const artifact = planArtifact({ routes: [route('GET', '/a')] })
    const { code, stderr } = await runToExit(context, { artifact, program, flags: ['--colour'] })
    assert.equal(code, 2)
    assert.match(stderr, /^error BCN_SERVE_OPTION: .*--colour/)
  })
})

const dockerfile = readFileSync(join(repositoryRoot, 'executable/Dockerfile'), 'utf8')
const instructions = dockerfile
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll('\\\n', ' ')
  .split('\n')
const valuesOf = (name: string) =>
  instructions.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []))

describe('executable/Dockerfile', () => {
  it('has nothing that a linter objects to', () => {
    const judges = createRequire(join(repositoryRoot, 'test/judges/package.json'))
    const { validate } = judges('dockerfile-utils') as { validate: (text: string) => readonly object[] }
    assert.deepEqual(validate(dockerfile), [])
    assert.notDeepEqual(validate(dockerfile.replace('STOPSIGNAL SIGTERM', 'STOPSIGNAL')), [])
  })

  const skip = process.platform !== 'linux' && 'ldd and chroot are of Linux'
  it('makes an image in which nothing is missing, for a user without rights', { skip }, async (context) => {
    const image = assemble(context)
    const artifact = planArtifact({ routes: [route('GET', '/a')] })
    mkdirSync(join(image, 'config'))
    writeFileSync(join(image, 'config/api.bca'), artifact)
    const words = JSON.parse(valuesOf('ENTRYPOINT')[0] ?? '') as string[]
    const variables = {
      ...readVariables(),
      BARBACANE_LISTEN: '127.0.0.1:0',
      BARBACANE_ADMIN_BIND: '127.0.0.1:0',
    }
    const inside = insideOf(image)
    const gateway = spawn(inside[0] as string, [...inside.slice(1), ...words], { env: variables })
    context.after(() => gateway.kill('SIGKILL'))
    let output = ''
    gateway.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    gateway.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    const ended = once(gateway, 'exit').then(() => Promise.reject(new Error(output)))
    while (!output.includes('"listening"')) await Promise.race([once(gateway.stdout, 'data'), ended])
    ended.catch(() => undefined)
    const [, address = '', admin = ''] = /"address":"([^"]+)".*"admin":"([^"]+)"/.exec(output) ?? []
    assert.equal((await fetch(`http://${address}/a`)).status, 200)
    const { artifact_hash: hash } = await provenanceOf({ adminUrl: `http://${admin}` })
    assert.equal(hash, decodeArtifact(artifact).manifest.artifact_hash)
    if (process.getuid?.() === 0)
      assert.match(readFileSync(`/proc/${gateway.pid}/status`, 'utf8'), /^Uid:\t65532\t65532/m)
    const check = JSON.parse(/CMD (\[.*\])$/.exec(valuesOf('HEALTHCHECK')[0] ?? '')?.[1] ?? '') as string[]
    while ((await fetch(`http://${admin}/ready`)).status !== 200) await new Promise(setImmediate)
    const env = { ...variables, BARBACANE_ADMIN_BIND: admin }
    await exec(inside[0] as string, [...inside.slice(1), ...check], { env })
    gateway.kill('SIGTERM')
    await once(gateway, 'close')
    await assert.rejects(exec(inside[0] as string, [...inside.slice(1), ...check], { env }), { code: 6 })
  })
})

/** The folder that the last stage copies, by the commands of the first: those of a Debian without its packages. */
function assemble(context: TestContext): string {
  const image = mkdtempSync(join(tmpdir(), 'image-'))
  context.after(() => rmSync(image, { recursive: true }))
  const [copied = '', ...others] = valuesOf('COPY')
  assert.deepEqual(others, ['--from=image /image /'])
  for (const name of copied.split(' ').slice(0, -1)) cpSync(join(folder, name), join(image, name))
  const [install = '', ...commands] = valuesOf('RUN')
  assert.match(install, /^apt-get /)
  for (const command of commands)
    execFileSync('sh', ['-euc', command.replaceAll('/image', image)], { stdio: 'pipe' })
  execFileSync('chmod', ['-R', 'a+rX', image])
  return image
}

/** The variables of the image, and where `chroot` is found. */
function readVariables(): Record<string, string> {
  const found = valuesOf('ENV').flatMap((line) => [...line.matchAll(/(\w+)=(\S+)/g)])
  return {
    PATH: process.env['PATH'] ?? '',
    ...Object.fromEntries(found.map(([, name = '', value = '']) => [name, value])),
  }
}

/** Runs a program with this folder as the root of its file system, as the user of the image where that is allowed. */
function insideOf(image: string): readonly string[] {
  const [user = ''] = valuesOf('USER')
  return process.getuid?.() === 0
    ? ['chroot', `--userspec=${user}`, image]
    : ['unshare', '--map-root-user', 'chroot', image]
}
