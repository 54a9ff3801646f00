import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import type { ProblemCode } from '../../../src/domain/index.ts'
import { loadServerTls } from '../../../src/runtime/tls/index.ts'
import {
  certificateFiles,
  writeCertificate,
  type CertificateFilePair,
} from '../../support/certificate-files.ts'
import { selfSigned } from '../../support/certificates.ts'
import { expectRejection } from '../../support/expect-problem.ts'

const folder = mkdtempSync(join(tmpdir(), 'barbacane-test-'))
after(() => rmSync(folder, { recursive: true }))

describe('certificates of the public listener', () => {
  let [good, other] = [] as unknown as [CertificateFilePair, CertificateFilePair]
  before(async () => {
    good = await certificateFiles(folder, 'good.test')
    other = await certificateFiles(folder, 'other.test')
  })

  const refused = (code: ProblemCode, certPath: string, keyPath: string) =>
    expectRejection(code, () => loadServerTls({ certificates: [{ certPath, keyPath }], minVersion: '1.2' }))

  it('are named, with when they expire', async () => {
    const tls = await loadServerTls({ certificates: [good, other], minVersion: '1.2' })
    const shown = tls.certificates()
    assert.deepEqual(
      shown.map(({ names }) => names),
      ['DNS:good.test', 'DNS:other.test'],
    )
    for (const { expiresMs } of shown) assert.ok(expiresMs > Date.now())
  })

  it('are refused with authorities that are none', async () => {
    const load = (clientCaPath: string) => () =>
      loadServerTls({ certificates: [good], minVersion: '1.2', clientCaPath })
    const problem = await expectRejection('BCN_TLS_UNREADABLE', load(good.keyPath))
    assert.ok(problem.message.includes(good.keyPath))
    await expectRejection('BCN_TLS_UNREADABLE', load(join(folder, 'no-authorities')))
  })

  it('are refused with a key of another', async () => {
    const problem = await refused('BCN_TLS_MISMATCH', good.certPath, other.keyPath)
    assert.ok(problem.message.includes(other.keyPath))
    assert.equal(problem.exit, 2)
  })

  it('are refused with a key that others can read', async () => {
    const open = writeCertificate(folder, 'open', await selfSigned('open.test'), 0o644)
    chmodSync(open.keyPath, 0o644)
    const problem = await refused('BCN_TLS_KEY_EXPOSED', open.certPath, open.keyPath)
    assert.match(problem.message, /0644/)
  })

  it('are refused where they cannot be read, and nothing of what was read is shown', async () => {
    const nothing = join(folder, 'nothing')
    const text = join(folder, 'text.key')
    writeFileSync(text, '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n', { mode: 0o600 })
    const encrypted = join(folder, 'encrypted.key')
    writeFileSync(encrypted, '-----BEGIN ENCRYPTED PRIVATE KEY-----\n', { mode: 0o600 })
    const cases = [
      [nothing, good.keyPath, /no such file/],
      [text, good.keyPath, /no certificate/],
      [good.certPath, nothing, /no such file/],
      [good.certPath, text, /no private key/],
      [good.certPath, encrypted, /encrypted/],
    ] as const
    for (const [certPath, keyPath, reason] of cases) {
      const problem = await refused('BCN_TLS_UNREADABLE', certPath, keyPath)
      assert.match(problem.message, reason)
      assert.doesNotMatch(problem.message, /c2VjcmV0/)
    }
  })
})
