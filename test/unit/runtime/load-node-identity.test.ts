import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

import { publicKeyId, type ProblemCode } from '../../../src/domain/index.ts'
import { loadNodeIdentity } from '../../../src/runtime/load-node-identity.ts'
import { expectRejection } from '../../support/expect-problem.ts'
import { nodeKeyPair } from '../../support/node-key.ts'

const folder = mkdtempSync(join(tmpdir(), 'node-identity-'))
after(() => rmSync(folder, { recursive: true }))

function keyFile(name: string, content: string, mode = 0o600): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

const pair = nodeKeyPair()

describe('loadNodeIdentity', () => {
  it('reads an Ed25519 key, also one that its group may read', async () => {
    for (const mode of [0o600, 0o400, 0o440, 0o640]) {
      const keyPath = keyFile(`good-${mode}`, pair.privatePem, mode)
      const { name, key } = await loadNodeIdentity({ name: 'edge-1', keyPath }, 'machine')
      assert.equal(name, 'edge-1')
      assert.equal(key && publicKeyId(key.publicKey), publicKeyId(pair.publicKey))
    }
  })

  it('calls a node as its machine is called, where nothing else is said', async () => {
    assert.deepEqual(await loadNodeIdentity({ name: undefined, keyPath: undefined }, 'Some_Machine'), {
      name: 'Some_Machine',
      key: null,
    })
  })

  it('refuses names that could not be told apart or quoted', async () => {
    const keyPath = keyFile('named', pair.privatePem)
    for (const name of ['', 'Edge', 'a b', '-a', 'a/..', 'ü', 'a'.repeat(254)]) {
      const flags = { name, keyPath: undefined }
      await expectRejection('BCN_SERVE_OPTION', () => loadNodeIdentity(flags, 'machine'))
    }
    await expectRejection('BCN_SERVE_OPTION', () => loadNodeIdentity({ name: undefined, keyPath }, 'My_Host'))
  })

  it('refuses keys that it cannot use, and says nothing of what they hold', async () => {
    const pem = (type: 'ed25519' | 'x25519', cipher?: { cipher: string; passphrase: string }) =>
      (type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519')).privateKey.export(
        {
          type: 'pkcs8',
          format: 'pem',
          ...cipher,
        },
      ) as string
    const cases: readonly [ProblemCode, string][] = [
      ['BCN_NODE_KEY_UNREADABLE', join(folder, 'gone')],
      ['BCN_NODE_KEY_UNREADABLE', folder],
      ['BCN_NODE_KEY_UNREADABLE', keyFile('no-pem', 'MC4CAQAwBQYDK2VwBCIEIHVuZGVyIHRoZSBtYXQ=')],
      ['BCN_NODE_KEY_UNREADABLE', keyFile('public', pair.publicPem)],
      ['BCN_NODE_KEY_UNREADABLE', keyFile('large', 'x'.repeat(70_000))],
      [
        'BCN_NODE_KEY_UNREADABLE',
        keyFile('closed', pem('ed25519', { cipher: 'aes-256-cbc', passphrase: 'p' })),
      ],
      ['BCN_NODE_KEY_TYPE', keyFile('other', pem('x25519'))],
      ['BCN_NODE_KEY_EXPOSED', keyFile('world', pair.privatePem, 0o604)],
      ['BCN_NODE_KEY_EXPOSED', keyFile('group', pair.privatePem, 0o660)],
    ]
    for (const [code, keyPath] of cases) {
      const problem = await expectRejection(code, () =>
        loadNodeIdentity({ name: 'edge', keyPath }, 'machine'),
      )
      assert.ok(problem.message.includes(keyPath))
      assert.doesNotMatch(JSON.stringify(problem), /MC4CAQ/)
    }
  })
})
