import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import { digestOf } from '../../src/domain/index.ts'
import { barbacane, isolatedEnv } from '../support/binary.ts'
import { repositoryRoot } from '../support/source-tree.ts'

const other = join(repositoryRoot, 'test/runtimes/node_modules/node/bin/node')
const steps = [
  ['compile', '-o', 'api.bca', '--allow-plaintext'],
  ['sbom', 'api.bca'],
  // Ed25519 is deterministic, so the bundle is one of the outputs too.
  ['sign', 'api.bca', '--key', 'release.key', '--sbom', 'api.bca.cdx.json'],
  [
    'package',
    'api.bca',
    '-o',
    'image.tar',
    '--sbom',
    'api.bca.cdx.json',
    '--bundle',
    'api.bca.sigstore.json',
  ],
  ['package', 'api.bca', '-o', 'artifact.tar', '--shape', 'artifact'],
] as const

describe('what is written', () => {
  it('has the same bytes on Node 24 and 26, in other time zones, locales and umasks', (context) => {
    const key = generateKey(context)
    const places = [
      { node: process.execPath, TZ: 'UTC', LC_ALL: 'C.UTF-8', umask: '022' },
      { node: other, TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', umask: '077' },
      { node: other, TZ: 'America/St_Johns', LC_ALL: 'C', umask: '000' },
    ]
    assert.match(execFileSync(other, ['--version'], { encoding: 'utf8' }), /^v26\./)
    const [first, ...rest] = places.map((place) => shipFrom(place, key, context))
    assert.equal(Object.keys(first ?? {}).length, 5)
    for (const digests of rest) assert.deepEqual(digests, first)
  })
})

interface Place {
  readonly node: string
  readonly TZ: string
  readonly LC_ALL: string
  readonly umask: string
}

function shipFrom(
  { node, umask, ...locale }: Place,
  key: string,
  context: TestContext,
): Record<string, string> {
  const folder = scratch(context)
  cpSync(join(repositoryRoot, 'examples/bookshop'), folder, { recursive: true })
  cpSync(key, join(folder, 'release.key'))
  const env = { ...isolatedEnv(folder), ...locale, SOURCE_DATE_EPOCH: '1767323045' }
  for (const step of steps) {
    const command = ['-c', `umask ${umask}; exec "$@"`, 'sh', node, barbacane()[1], ...step]
    execFileSync('sh', command, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const written = readdirSync(folder).filter((name) => /^api\.bca|\.tar$/.test(name))
  return Object.fromEntries(written.map((name) => [name, digestOf(readFileSync(join(folder, name)))]))
}

function generateKey(context: TestContext): string {
  const folder = scratch(context)
  const args = [barbacane()[1], 'keygen', '--type', 'ed25519', '-o', 'release']
  execFileSync(process.execPath, args, { cwd: folder, env: isolatedEnv(folder), stdio: 'ignore' })
  return join(folder, 'release.key')
}

function scratch(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'runtimes-'))
  context.after(() => rmSync(folder, { recursive: true }))
  return folder
}
