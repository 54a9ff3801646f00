import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmod, copyFile, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { isolatedEnv } from '../support/binary.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { sampleArtifact, sampleInputs } from '../support/sample-artifact.ts'
import { spawnGateway } from '../support/spawn-gateway.ts'
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

interface Report {
  readonly exit: number
  readonly result: {
    readonly verified: boolean
    readonly problem?: { readonly code: string }
    readonly chain: readonly { readonly name: string; readonly status: string; readonly outcome: string }[]
  }
}

// A monorepo: the project is a folder of the repository.
describe('an artifact of a repository', () => {
  let folder: TemporaryFolder
  let project: string
  let commit: string

  const run = (args: string, options: Partial<Parameters<typeof runBarbacane>[1]> = {}) =>
    runBarbacane(args.split(' '), { cwd: project, ...options })
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder.path, env: isolatedEnv(folder.path), encoding: 'utf8' }).trim()
  const verify = async (args: string) => JSON.parse((await run(`verify ${args} --json`)).stdout) as Report

  before(async () => {
    folder = await temporaryFolder()
    project = join(folder.path, 'gateway')
    const files = sampleInputs.filter(({ kind }) => kind !== 'option')
    await folder.write(Object.fromEntries(files.map(({ path, text }) => [`gateway/${path}`, text])))
    git('init', '-q')
    git('add', '.')
    git('commit', '-q', '-m', 'first')
    commit = git('rev-parse', 'HEAD')
    const provenance = { commit, source: 'git@github.com:acme/gateway.git', dirty: false }
    await writeFile(join(project, 'api.bca'), sampleArtifact({ manifest: { provenance } }))
    for (const step of [
      'keygen --output release',
      'sbom api.bca',
      'sign api.bca --key release.key --sbom api.bca.cdx.json',
    ]) {
      const { exit, stderr } = await run(step)
      assert.equal(exit, 0, `${step}: ${stderr}`)
    }
  })
  after(() => folder[Symbol.asyncDispose]())

  it('is verified down to its commit, without a network where that can be taken away', async (context) => {
    const wrap = ['unshare', '-rn']
    const canUnshare = (await run('--version', { wrap }).catch(() => ({ exit: 1 }))).exit === 0
    if (!canUnshare) context.diagnostic('no network namespace may be made here')
    const command = 'verify api.bca --key release.pub --require-sbom --git'
    const { exit, stdout, stderr } = await run(command, canUnshare ? { wrap } : {})
    assert.equal(exit, 0, stdout + stderr)
    assert.match(stdout, new RegExp(`3 of 3 inputs are byte-identical to ${commit.slice(0, 7)}`))
    assert.match(stdout, /^verified api\.bca sha256:[0-9a-f]{64}$/m)
  })

  it('is verified by the policy that barbacane.yaml names, also from a folder of the project', async () => {
    const config = join(project, 'barbacane.yaml')
    const before = await readFile(config, 'utf8')
    await writeFile(join(project, 'verify.yaml'), 'version: 1\nkeys: [release.pub]\nrequire_git: true\n')
    assert.equal((await run('verify api.bca')).exit, 2)
    await writeFile(config, `${before}verify: { policy: ./verify.yaml }\n`)
    const here = await run('verify api.bca')
    assert.equal(here.exit, 0, here.stdout + here.stderr)
    const below = await runBarbacane(['verify', '../api.bca'], { cwd: join(project, 'specs') })
    assert.equal(below.exit, 0, below.stdout + below.stderr)
    await writeFile(config, `${before}verify: { policy: ../verify.yaml }\n`)
    assert.match((await run('verify api.bca')).stderr, /BCN_CONFIG_INVALID/)
    await writeFile(config, before)
  })

  it('stays verified after later commits, and is not when its commit holds something else', async () => {
    await writeFile(join(project, 'specs/pets.yaml'), 'openapi: 3.1.1\n')
    git('commit', '-qam', 'second')
    assert.equal((await verify('api.bca --key release.pub --git')).exit, 0)
    const provenance = { commit: git('rev-parse', 'HEAD'), source: null, dirty: false }
    await writeFile(join(project, 'liar.bca'), sampleArtifact({ manifest: { provenance } }))
    assert.equal((await run('sign liar.bca --key release.key')).exit, 0)
    const { exit, result } = await verify('liar.bca --key release.pub --git')
    assert.equal(exit, 4)
    assert.equal(result.problem?.code, 'BCN_VERIFY_GIT_DIFFERS')
    assert.match(
      result.chain.find(({ name }) => name === 'git')?.outcome ?? '',
      /specs\/pets\.yaml has other bytes/,
    )
    const elsewhere = await verify('liar.bca --key release.pub --git --project ../gateway/specs')
    assert.equal(elsewhere.result.problem?.code, 'BCN_VERIFY_GIT_DIFFERS')
  })

  it('is refused without its signature, with that of another, and with another SBOM', async () => {
    const code = async (args: string) => (await verify(args)).result.problem?.code
    await copyFile(join(project, 'api.bca'), join(project, 'bare.bca'))
    assert.equal(await code('bare.bca --key release.pub'), 'BCN_VERIFY_SIGNATURE_MISSING')
    assert.equal(
      await code('api.bca --key release.pub --bundle liar.bca.sigstore.json'),
      'BCN_VERIFY_WRONG_SUBJECT',
    )
    await run('sbom api.bca --spec-version 1.7 --output other.cdx.json')
    assert.equal(await code('api.bca --key release.pub --sbom other.cdx.json'), 'BCN_VERIFY_SBOM')
    const missing = await run('verify api.bca --key release.pub --bundle absent.json')
    assert.equal(missing.exit, 2)
    assert.match(missing.stderr, /BCN_VERIFY_UNREADABLE/)
    const foreign = await run('sign liar.bca --key release.key --sbom api.bca.cdx.json --output no.json')
    assert.equal(foreign.exit, 4)
    assert.match(foreign.stderr, /BCN_VERIFY_SBOM_CONTENT/)
  })

  it('has the same SBOM in any time zone, locale and umask', async () => {
    const read = async (name: string) => readFile(join(project, name))
    const first = await read('api.bca.cdx.json')
    for (const [TZ, LC_ALL] of [
      ['Pacific/Auckland', 'sv_SE.UTF-8'],
      ['America/St_Johns', 'cs_CZ.UTF-8'],
    ] as const) {
      await run('sbom api.bca --output again.json', { env: { TZ, LC_ALL, LANG: LC_ALL } })
      assert.ok(first.equals(await read('again.json')), LC_ALL)
    }
  })

  it('is signed the same twice with Ed25519, with a key that its passphrase opens', async () => {
    const env = { BARBACANE_KEY_PASSPHRASE: 'correct horse' }
    assert.equal((await run('keygen -o locked --type ed25519', { env })).exit, 0)
    assert.equal((await stat(join(project, 'locked.key'))).mode & 0o777, 0o600)
    await run('sign api.bca --key locked.key -o one.json', { env })
    await run('sign api.bca --key locked.key -o two.json', { env })
    assert.deepEqual(await readFile(join(project, 'one.json')), await readFile(join(project, 'two.json')))
    const closed = await run('sign api.bca --key locked.key -o three.json')
    assert.equal(closed.exit, 2)
    assert.match(closed.stderr, /BCN_ATTEST_KEY_PASSPHRASE/)
    for (const args of ['sign api.bca', 'sign api.bca --key release.key --keyless']) {
      const { exit, stderr } = await run(args)
      assert.equal(exit, 2)
      assert.match(stderr, /BCN_ATTEST_SIGNER/)
    }
  })

  it('compiles to the same bytes again, and not when the commit holds something else', async () => {
    await using other = await temporaryFolder({
      'barbacane.yaml': 'version: 1\nspecs: ./specs/\noverlays: [./a.yaml]\n',
      // Configuration too, and before barbacane.yaml in the order of the inputs.
      'a.yaml': `overlay: 1.1.0
info: { title: Names, version: '1' }
actions: [{ target: $.info, update: { x-owner: pets } }]
`,
      'specs/pets.yaml': `openapi: 3.1.0
info: { title: Pets, version: '1' }
paths:
  /pets:
    get:
      operationId: listPets
      x-barbacane-dispatch: { name: http-upstream, config: { url: 'http://pets.internal' } }
      responses: { '200': { description: ok } }
`,
    })
    const cwd = other.path
    const rebuilt = async (name: string) => {
      await runBarbacane(['sign', name, '--key', join(project, 'release.key')], { cwd })
      const args = ['verify', name, '--key', join(project, 'release.pub'), '--rebuild', '--json']
      return JSON.parse((await runBarbacane(args, { cwd })).stdout) as Report
    }
    const inRepository = (...args: string[]) =>
      execFileSync('git', args, { cwd, env: isolatedEnv(cwd), encoding: 'utf8' })
    inRepository('init', '-q')
    inRepository('add', '.')
    inRepository('commit', '-qm', 'first')
    const compile = ['compile', '--allow-plaintext', '--spec', 'specs/pets.yaml', '-o']
    const compiled = await runBarbacane([...compile, 'a.bca'], { cwd })
    assert.equal(compiled.exit, 0, compiled.stderr)
    await other.write({ '.git/hooks/post-checkout': '#!/bin/sh\ntouch hook-ran\n' })
    await chmod(join(cwd, '.git/hooks/post-checkout'), 0o755)
    assert.equal((await rebuilt('a.bca')).exit, 0)
    await assert.rejects(stat(join(cwd, 'hook-ran')), 'a hook of the clone ran')
    assert.equal(inRepository('worktree', 'list').trim().split('\n').length, 1)

    const spec = await readFile(join(cwd, 'specs/pets.yaml'), 'utf8')
    await other.write({ 'specs/pets.yaml': spec.replace('Pets', 'Cats') })
    await runBarbacane([...compile, 'b.bca'], { cwd })
    const differs = await rebuilt('b.bca')
    assert.equal(differs.exit, 4)
    assert.equal(differs.result.problem?.code, 'BCN_VERIFY_REBUILD_DIFFERS')

    await other.write({ 'specs/pets.yaml': 'openapi: 3.1.0\n' })
    inRepository('commit', '-qam', 'broken')
    const broken = inRepository('rev-parse', 'HEAD').trim()
    await other.write({ 'specs/pets.yaml': spec })
    await runBarbacane([...compile, 'c.bca', '--provenance-commit', broken], { cwd })
    assert.equal((await rebuilt('c.bca')).result.problem?.code, 'BCN_VERIFY_REBUILD_DIFFERS')
    await runBarbacane([...compile, 'd.bca', '--provenance-commit', '0'.repeat(40)], { cwd })
    assert.equal((await rebuilt('d.bca')).result.problem?.code, 'BCN_VERIFY_GIT_COMMIT')
  })

  it('leaves nothing half written where the bundle cannot be put in place', async () => {
    const taken = join(project, 'taken')
    const artifact = await readFile(join(project, 'api.bca'))
    // A folder in the way stops root, too.
    await folder.write({ 'gateway/taken/api.bca': artifact, 'gateway/taken/api.bca.sigstore.json/keep': '' })
    assert.equal((await run('sign taken/api.bca --key release.key')).exit, 7)
    assert.deepEqual(await readdir(taken), ['api.bca', 'api.bca.sigstore.json'])
  })

  it('is served where a signature is required only if the policy accepts it', async (context) => {
    const artifact = await readFile(join(project, 'api.bca'))
    const paths = ['release.pub', 'api.bca.sigstore.json'].map((name) => join(project, name)) as [
      string,
      string,
    ]
    const flags = ['--require-signature', '--key', paths[0], '--bundle', paths[1]]
    const gateway = await spawnGateway(context, { artifact, flags, throughCli: true })
    const answer = await fetch(`${gateway.adminUrl}/_admin/provenance`)
    const { signature } = (await answer.json()) as { signature: { status: string; identity: string } }
    assert.equal(signature.status, 'verified')
    assert.match(signature.identity, /^the key .*release\.pub/)
    assert.equal(await gateway.stop(), 0)
    const serve = (args: string) => run(`serve --listen 127.0.0.1:0 --admin-bind off --artifact ${args}`)
    for (const [args, exit, code] of [
      ['bare.bca --require-signature --key release.pub', 4, 'BCN_VERIFY_SIGNATURE_MISSING'],
      [
        'bare.bca --require-signature --key release.pub --bundle liar.bca.sigstore.json',
        4,
        'BCN_VERIFY_WRONG_SUBJECT',
      ],
      ['api.bca --require-signature', 2, 'BCN_VERIFY_NO_POLICY'],
      ['api.bca --key release.pub', 2, 'BCN_VERIFY_SIGNATURE_UNCHECKED'],
      ['api.bca --bundle api.bca.sigstore.json', 2, 'BCN_VERIFY_SIGNATURE_UNCHECKED'],
    ] as const) {
      const refused = await serve(args)
      assert.equal(refused.exit, exit, refused.stderr)
      assert.match(refused.stderr, new RegExp(code))
      assert.equal(refused.stdout, '')
    }
    await rm(join(project, 'bare.bca'))
  })
})
