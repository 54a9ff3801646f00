import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { isolatedEnv } from '../support/binary.ts'
import { startRegistry } from '../support/registry/index.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const description = `openapi: 3.1.0
info: { title: Greetings, version: 1.0.0 }
paths:
  /greeting:
    get:
      responses: { '200': { description: A greeting } }
      x-barbacane-dispatch: { name: mock, config: { body: hello } }
`
const files = {
  'barbacane.yaml': 'version: 1\nspecs: ./specs/\n',
  'specs/api.yaml': description,
  '.gitignore': '*.key\n*.pub\n*.bca*\n.cache/\n',
}

interface Shipped {
  readonly result: {
    readonly steps: readonly { readonly name: string; readonly state: string }[]
    readonly outputs: Readonly<Record<string, string | null>>
  }
}

const states = ({ result }: Shipped) => result.steps.map(({ state }) => state)

describe('ship', () => {
  it('carries a commit to a registry, and a second run finds nothing to do', async () => {
    await using project = await committedProject()
    await using registry = await startRegistry()
    const args = ['ship', '--key', 'release.key', '--to', `${registry.address}/apis/greetings:1`, '--json']
    const first = await shipped(project.path, args)
    assert.deepEqual(states(first), ['done', 'done', 'done', 'done', 'done', 'done'])
    const reference = first.result.outputs['reference'] as string
    assert.equal(reference, `${registry.address}/apis/greetings@${first.result.outputs['image_digest']}`)

    const second = await shipped(project.path, args)
    assert.deepEqual(states(second), ['done', 'unchanged', 'unchanged', 'unchanged', 'done', 'unchanged'])
    assert.deepEqual(second.result.outputs, first.result.outputs)

    const pulled = await runBarbacane(['pull', reference, '-o', 'pulled.bca'], { cwd: project.path })
    assert.equal(pulled.exit, 0, pulled.stderr)
    const verified = await runBarbacane(['verify', 'pulled.bca', '--key', 'release.pub'], {
      cwd: project.path,
    })
    assert.equal(verified.exit, 0, verified.stderr)
  })

  it('goes on after a push that failed, with the signature it made', async () => {
    await using project = await committedProject()
    await using registry = await startRegistry({
      auth: { kind: 'basic', username: 'ci', password: 'secret' },
    })
    const args = ['ship', '--key', 'release.key', '--to', `${registry.address}/apis/greetings:1`, '--json']
    const failed = await runBarbacane(args, { cwd: project.path })
    assert.equal(failed.exit, 7, failed.stdout)
    const bundle = await readFile(join(project.path, 'api.bca.sigstore.json'))
    registry.switches.auth = { kind: 'none' }
    assert.equal((await shipped(project.path, args)).result.steps.at(-1)?.state, 'done')
    assert.deepEqual(await readFile(join(project.path, 'api.bca.sigstore.json')), bundle)
  })

  it('signs again what has changed, and does not take the signature of another key', async () => {
    await using project = await committedProject()
    const args = ['ship', '--key', 'release.key', '--json']
    await shipped(project.path, args)
    await writeFile(join(project.path, 'specs/api.yaml'), description.replace('hello', 'hullo'))
    assert.equal((await shipped(project.path, args)).result.steps[3]?.state, 'done')
    await writeFile(join(project.path, 'specs/api.yaml'), description)
    await shipped(project.path, args)
    await runBarbacane(['keygen', '-o', 'other'], { cwd: project.path })
    const other = await shipped(project.path, ['ship', '--key', 'other.key', '--json'])
    assert.equal(other.result.steps[3]?.state, 'done')
  })

  it('only shows what it would do with --dry-run', async () => {
    await using project = await committedProject()
    await using registry = await startRegistry()
    const before = await readdir(project.path)
    const to = `${registry.address}/apis/greetings:1`
    const planned = await shipped(project.path, [
      'ship',
      '--key',
      'release.key',
      '--to',
      to,
      '--dry-run',
      '--json',
    ])
    assert.deepEqual(states(planned), ['done', 'planned', 'planned', 'planned', 'planned', 'planned'])
    assert.deepEqual(await readdir(project.path), before)
    assert.equal(registry.requests.length, 0)
    const done = await shipped(project.path, ['ship', '--key', 'release.key', '--to', to, '--json'])
    assert.equal(done.result.outputs['image_digest'], planned.result.outputs['image_digest'])
  })

  it('tells GitHub Actions what came of it, and people line by line', async () => {
    await using project = await committedProject()
    const env = {
      GITHUB_OUTPUT: join(project.path, 'outputs.bca.txt'),
      GITHUB_STEP_SUMMARY: join(project.path, 'summary.bca.md'),
    }
    const ran = await runBarbacane(['ship', '--unsigned'], { cwd: project.path, env })
    assert.equal(ran.exit, 0, ran.stderr)
    assert.deepEqual(
      ran.stderr
        .trim()
        .split('\n')
        .map((line) => line.split(' ').slice(0, 2).join(' ')),
      ['lint: done', 'compile: done', 'sbom: done', 'sign: skipped', 'package: done', 'push: skipped'],
    )
    const outputs = await readFile(env.GITHUB_OUTPUT, 'utf8')
    assert.match(outputs, /^artifact-hash=sha256:[0-9a-f]{64}$/m)
    assert.match(outputs, /^bundle=$/m)
    assert.match(
      await readFile(env.GITHUB_STEP_SUMMARY, 'utf8'),
      /^\| sign \| skipped \| unsigned, as asked \|$/m,
    )
  })

  it('stops at the first finding, and asks how to sign', async () => {
    await using project = await committedProject()
    const unsure = await runBarbacane(['ship'], { cwd: project.path })
    assert.match(unsure.stderr, /BCN_ATTEST_SIGNER/)
    assert.equal(unsure.exit, 2)
    await writeFile(join(project.path, 'specs/api.yaml'), description.replace('name: mock', 'name: mok'))
    const refused = await runBarbacane(['ship', '--unsigned'], { cwd: project.path })
    assert.match(refused.stderr, /lint: failed[^]*BCN_SHIP_FINDINGS/)
    assert.equal(refused.exit, 3)
    assert.ok(!(await readdir(project.path)).includes('api.bca'))
  })
})

async function shipped(cwd: string, args: readonly string[]): Promise<Shipped> {
  const ran = await runBarbacane(args, { cwd })
  assert.equal(ran.exit, 0, ran.stdout + ran.stderr)
  return JSON.parse(ran.stdout) as Shipped
}

async function committedProject() {
  const folder = await temporaryFolder(files)
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder.path, env: isolatedEnv(folder.path) })
  await runBarbacane(['keygen', '-o', 'release'], { cwd: folder.path })
  git('init', '-q')
  git('add', '.')
  git('commit', '-q', '-m', 'first')
  return folder
}
