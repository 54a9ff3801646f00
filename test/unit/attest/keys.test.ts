import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import {
  generateKey,
  keyHint,
  keyTypes,
  loadPrivateKey,
  loadPublicKey,
  readPassphrase,
  writeKeyPair,
} from '../../../src/attest/index.ts'
import { expectRejection } from '../../support/expect-problem.ts'

describe('keys', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keys-'))
  })
  after(() => rm(folder, { recursive: true }))

  for (const type of keyTypes) {
    it(`of type ${type} are written for their owner alone and read back`, async () => {
      const pair = generateKey(type)
      const files = await writeKeyPair(join(folder, type), pair)
      assert.equal((await stat(files.privateKey)).mode & 0o777, 0o600)
      assert.equal((await loadPrivateKey(files.privateKey)).type, 'private')
      assert.equal(keyHint(await loadPublicKey(files.publicKey)), pair.hint)
    })
  }

  it('are never overwritten, and never written by half', async () => {
    const base = join(folder, 'once')
    await writeFile(`${base}.pub`, 'there already')
    await expectRejection('BCN_ATTEST_KEY_EXISTS', () => writeKeyPair(base, generateKey('ed25519')))
    assert.equal(await readFile(`${base}.pub`, 'utf8'), 'there already')
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith('once')),
      ['once.pub'],
    )
    await expectRejection('BCN_ATTEST_KEY_NOT_WRITTEN', () =>
      writeKeyPair(join(folder, 'no/such'), generateKey('ed25519')),
    )
  })

  it('open with their passphrase only', async () => {
    const { privateKey } = await writeKeyPair(join(folder, 'locked'), generateKey('p256', 'correct horse'))
    assert.match(await readFile(privateKey, 'utf8'), /BEGIN ENCRYPTED PRIVATE KEY/)
    assert.equal((await loadPrivateKey(privateKey, 'correct horse')).asymmetricKeyType, 'ec')
    await expectRejection('BCN_ATTEST_KEY_PASSPHRASE', () => loadPrivateKey(privateKey))
    await expectRejection('BCN_ATTEST_KEY_PASSPHRASE', () => loadPrivateKey(privateKey, 'wrong'))
  })

  it('take their passphrase from a file or from the environment', async () => {
    const path = join(folder, 'passphrase')
    await writeFile(path, 'from file\nsecond line\n')
    const env = { BARBACANE_KEY_PASSPHRASE: 'from env' }
    assert.equal(await readPassphrase(env, path), 'from file')
    assert.equal(await readPassphrase(env), 'from env')
    assert.equal(await readPassphrase({}), undefined)
    await writeFile(path, '\n')
    await expectRejection('BCN_ATTEST_PASSPHRASE_FILE', () => readPassphrase(env, path))
    await expectRejection('BCN_ATTEST_PASSPHRASE_FILE', () => readPassphrase(env, join(folder, 'absent')))
  })

  it('that cannot be used are refused', async () => {
    const write = async (name: string, text: string) => {
      await writeFile(join(folder, name), text)
      return join(folder, name)
    }
    const weak = generateKeyPairSync('rsa', {
      modulusLength: 1024,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    })
    const curve = generateKeyPairSync('ec', {
      namedCurve: 'secp256k1',
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    })
    await expectRejection('BCN_ATTEST_KEY_TYPE', async () =>
      loadPublicKey(await write('weak.pub', weak.publicKey)),
    )
    await expectRejection('BCN_ATTEST_KEY_TYPE', async () =>
      loadPrivateKey(await write('c.key', curve.privateKey)),
    )
    const rubbish = await write('rubbish', 'no key')
    await expectRejection('BCN_ATTEST_KEY_UNREADABLE', () => loadPrivateKey(rubbish))
    await expectRejection('BCN_ATTEST_KEY_UNREADABLE', () => loadPublicKey(rubbish))
    await expectRejection('BCN_ATTEST_KEY_UNREADABLE', () => loadPublicKey(join(folder, 'absent')))
    await expectRejection('BCN_ATTEST_KEY_UNREADABLE', async () =>
      loadPublicKey(await write('private.pub', weak.privateKey)),
    )
    const cosign =
      '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n'
    await expectRejection('BCN_ATTEST_KEY_UNREADABLE', async () =>
      loadPrivateKey(await write('cosign.key', cosign)),
    )
    await mkdir(join(folder, 'taken.key'))
    await expectRejection('BCN_ATTEST_KEY_EXISTS', () =>
      writeKeyPair(join(folder, 'taken'), generateKey('p256')),
    )
  })
})
