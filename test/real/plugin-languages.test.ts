import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'

import { sha256Hex } from '../../src/domain/index.ts'
import { c } from '../../src/plugin/build/c.ts'
import { debianTools } from '../support/debian-tools.ts'
import { describeExerciser } from '../support/plugin-cases.ts'
import { planArtifact, route } from '../support/plan-artifact.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { repositoryRoot } from '../support/source-tree.ts'
import { spawnGateway } from '../support/spawn-gateway.ts'
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

const run = promisify(execFile)
const plugins = join(repositoryRoot, 'test/plugins')

/** Those of Debian, whose standard library for WebAssembly is in a package of its own. */
const RUST = '/usr/bin/rustc'
const missingC = debianTools('clang', ['wasm-ld', 'lld'])
const missingRust = debianTools(
  [RUST, 'rustc'],
  ['/usr/bin/cargo', 'cargo'],
  ['wasm-ld', 'lld'],
  ['/usr/lib/rustlib/wasm32-unknown-unknown/lib', 'libstd-rust-dev-wasm32'],
)

/** Compiles one file with the flags of `plugin build`. */
async function compileC(name: string): Promise<Buffer> {
  await using folder = await temporaryFolder({ 'src/plugin.c': await readFile(join(plugins, name)) })
  const host = { env: {}, signal: new AbortController().signal, nodePath: process.execPath }
  const project = { root: folder.path } as Parameters<typeof c.plan>[0]
  const call = await c.plan(project, { folder: folder.path, host })
  assert.ok(call)
  const include = `-I${join(repositoryRoot, 'templates/plugin/c/src')}`
  // An exerciser calls itself without end on purpose.
  await run(call.program, [include, ...call.args, '-Wno-infinite-recursion'], { cwd: folder.path })
  return readFile(call.output('') as string)
}

async function compileRust(name: string, target: string): Promise<Buffer> {
  await using folder = await temporaryFolder()
  const output = join(folder.path, 'plugin.wasm')
  const args = [
    '--edition',
    '2021',
    '--crate-type',
    'cdylib',
    '-C',
    'opt-level=2',
    '-C',
    'panic=abort',
    '-C',
    'strip=symbols',
  ]
  await run(RUST, [...args, '--target', target, '-o', output, join(plugins, name)])
  return readFile(output)
}

describe('plugins built by clang', { skip: missingC }, () => {
  describeExerciser('C', () => compileC('exerciser.c'))
})

describe('plugins built by rustc', { skip: missingRust }, () => {
  for (const target of ['wasm32-unknown-unknown', 'wasm32-wasi'])
    describeExerciser(`Rust for ${target}`, () => compileRust('exerciser.rs', target))

  it('by the conventions of Barbacane run in a gateway as they are', async (context) => {
    const service = createServer(({ method, url, headers }, response) => {
      response.setHeader('set-cookie', ['a=1', 'b=2'])
      response.end(JSON.stringify({ method, url, shouted: headers['x-shouted'] }))
    }).listen(0, '127.0.0.1')
    await once(service, 'listening')
    context.after(() => service.close())
    const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
    const shouter = await compileRust('shouter.rs', 'wasm32-unknown-unknown')
    const middlewares = [{ name: 'shouter', config: { any: 'thing' } }]
    const gateway = await spawnGateway(context, {
      flags: ['--allow-plaintext-upstream'],
      artifact: planArtifact({
        allowPlaintext: true,
        plugins: { shouter },
        routes: [
          route('POST', '/books', { middlewares, dispatch: { name: 'http-upstream', config: { url } } }),
        ],
      }),
    })
    for (const body of ['quietly', 'x'.repeat(100_000), '']) {
      const response = await fetch(`${gateway.url}/books?a=b`, { method: 'POST', body })
      assert.deepEqual(await response.json(), { method: 'POST', url: '/books?a=b', shouted: 'yes' })
      assert.equal(response.headers.get('x-seen'), String(body.length))
      assert.deepEqual(response.headers.getSetCookie(), ['a=1', 'b=2'])
    }
    const line = await gateway.logged(({ msg }) => msg === 'a request was shouted')
    assert.equal(line['plugin'], 'shouter')
  })
})

describe('a new plugin', () => {
  let folder: TemporaryFolder
  before(async () => {
    folder = await temporaryFolder()
  })
  after(() => folder[Symbol.asyncDispose]())

  for (const [language, skip] of [
    ['c', missingC],
    ['rust', missingRust],
  ] as const) {
    it(`in ${language} builds to the same bytes anywhere, and passes its tests`, { skip }, async () => {
      const env = { PATH: `/usr/bin:${process.env['PATH']}` }
      const digests: string[] = []
      for (const place of ['one', 'another/place']) {
        const cwd = join(folder.path, language, place)
        await mkdir(cwd, { recursive: true })
        for (const args of [
          ['new', 'closed', '--lang', language],
          ['build', 'closed'],
          ['test', 'closed'],
        ]) {
          const { exit, stdout, stderr } = await runBarbacane(['plugin', ...args], { cwd, env })
          assert.equal(exit, 0, `${args.join(' ')}: ${stdout}${stderr}`)
        }
        digests.push(sha256Hex(await readFile(join(cwd, 'closed/closed.wasm'))))
      }
      assert.equal(digests[0], digests[1])
    })
  }
})
