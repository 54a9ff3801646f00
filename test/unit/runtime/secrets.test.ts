import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { createSecretResolver } from '../../../src/runtime/secrets.ts'
import { expectProblem } from '../../support/expect-problem.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const scene = () =>
  temporaryFolder({ 'secrets/token': 'hush\n', 'secrets/..data/key': 'linked', 'outside/key': 'not yours' })

/** What a reference stands for, or why it does not. */
function read(reference: string, folder: string, env: Record<string, string> = {}): string {
  const resolver = createSecretResolver(env, folder)
  const { value } = resolver.resolve({ value: reference }, 'GET /a')
  try {
    resolver.finish()
  } catch {
    const problem = expectProblem('BCN_SECRET_UNRESOLVED', () => resolver.finish())
    return `refused: ${problem.message}`
  }
  return typeof value === 'string' ? value : 'replaced by no text'
}

describe('a reference to a secret', () => {
  it('is replaced at any depth, and only where it is the whole text', () => {
    const resolver = createSecretResolver({ A: 'one', EMPTY: '' }, '/')
    const config = {
      a: 'env://A',
      list: [{ b: 'env://A' }, 1, null, true],
      c: 'see env://A',
      d: 'env://EMPTY',
    }
    assert.deepEqual(resolver.resolve(config, 'GET /a'), {
      a: 'one',
      list: [{ b: 'one' }, 1, null, true],
      c: 'see env://A',
      d: '',
    })
    resolver.finish()
  })

  it('reads files of its folder, without the last line feed, and through links that stay in it', async () => {
    await using folder = await scene()
    const secrets = join(folder.path, 'secrets')
    // As Kubernetes lays out what it mounts.
    symlinkSync('..data/key', join(secrets, 'key'))
    assert.equal(read(`file://${secrets}/token`, secrets), 'hush')
    assert.equal(read(`file://${secrets}/key`, secrets), 'linked')
    assert.equal(read(`file://${secrets}/key`, '/'), 'linked')
  })

  it('leads nowhere else, by whatever name', async () => {
    await using folder = await scene()
    const secrets = join(folder.path, 'secrets')
    symlinkSync('../outside/key', join(secrets, 'escape'))
    symlinkSync('../outside', join(secrets, 'folder'))
    mkdirSync(join(folder.path, 'secrets-of-others'))
    writeFileSync(join(folder.path, 'secrets-of-others/key'), 'not yours')
    const escapes = [
      `file://${folder.path}/outside/key`,
      `file://${secrets}/../outside/key`,
      `file://${secrets}/%2e%2e/outside/key`,
      `file://${secrets}/escape`,
      `file://${secrets}/folder/key`,
      `file://${folder.path}/secrets-of-others/key`,
    ]
    for (const reference of escapes) {
      const text = read(reference, secrets)
      assert.match(text, /^refused: .*\(not in .*, see --secrets-dir; used by GET \/a\)/, reference)
      assert.doesNotMatch(text, /not yours/)
    }
    for (const reference of [`file://${secrets}/..%2foutside%2fkey`, 'file://host/secrets/token']) {
      assert.match(read(reference, secrets), /^refused: .*ERR_INVALID_FILE_URL_/, reference)
    }
  })

  it('is no folder, no pipe and nothing large', async () => {
    await using folder = await scene()
    writeFileSync(join(folder.path, 'large'), Buffer.alloc(1024 * 1024 + 1))
    execFileSync('mkfifo', [join(folder.path, 'pipe')])
    assert.match(read(`file://${folder.path}/secrets`, folder.path), /\((not a file|EISDIR);/)
    assert.match(read(`file://${folder.path}/pipe`, folder.path), /not a file/)
    assert.match(read(`file://${folder.path}/large`, folder.path), /larger than 1048576 bytes/)
  })

  it('that is missing is named with all others, and a folder of secrets need not be there until one is asked for', () => {
    const resolver = createSecretResolver({}, '/nonexistent')
    resolver.resolve({ a: 'env://ONE', b: 'file:///etc/hostname' }, 'GET /a')
    const problem = expectProblem('BCN_SECRET_UNRESOLVED', () => resolver.finish())
    assert.match(problem.message, /env:\/\/ONE \(not set; used by GET \/a\).*file:\/\/\/etc\/hostname \(/)
    createSecretResolver({}, '/nonexistent').finish()
  })
})
