import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'

import { certificateFiles } from '../support/certificate-files.ts'
import { debianTools } from '../support/debian-tools.ts'
import { body, planArtifact, route } from '../support/plan-artifact.ts'
import { spawnGateway, type SpawnedGateway } from '../support/spawn-gateway.ts'

const skip = debianTools('curl', ['nghttp', 'nghttp2-client'], ['h2load', 'nghttp2-client'])
const run = promisify(execFile)

const artifact = planArtifact({
  routes: [
    route('GET', '/a', { dispatch: { name: 'mock', config: { body: 'x'.repeat(10_000) } } }),
    route('POST', '/a', { body: body('*/*', null) }),
  ],
})

describe('clients of HTTP/2', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'barbacane-test-'))
  const cleanups: (() => unknown)[] = [() => rmSync(folder, { recursive: true })]
  const scope = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }
  let [secure, plain] = [] as unknown as [SpawnedGateway, SpawnedGateway]
  before(async () => {
    const { certPath, keyPath } = await certificateFiles(folder, 'shop.test')
    const quiet = ['--log-level', 'error']
    secure = await spawnGateway(scope, {
      artifact,
      flags: ['--tls-cert', certPath, '--tls-key', keyPath, ...quiet],
    })
    plain = await spawnGateway(scope, { artifact, flags: ['--h2c', ...quiet] })
  })
  after(async () => {
    for (const cleanup of cleanups.toReversed()) await cleanup()
  })

  const https = (path: string) => `${secure.url.replace('http:', 'https:')}${path}`
  const FORMAT = '%{http_version} %{http_code} %{size_download}'
  const curl = async (...args: readonly string[]) => {
    const { stdout } = await run('curl', ['-sS', '-k', '-o', join(folder, 'out'), '-w', FORMAT, ...args])
    return stdout
  }

  it('are curl over TLS, by either version', async () => {
    assert.equal(await curl('--http2', https('/a')), '2 200 10000')
    assert.equal(await curl('--http1.1', https('/a')), '1.1 200 10000')
    assert.equal(await curl('--http2', '--head', https('/a')), '2 200 0')
    assert.match(await curl('--http2', https('/nothing')), /^2 404 /)
  })

  it('are curl without TLS, which begins with HTTP/2 or is answered by HTTP/1.1', async () => {
    assert.equal(await curl('--http2-prior-knowledge', `${plain.url}/a`), '2 200 10000')
    assert.equal(await curl('--http1.1', `${plain.url}/a`), '1.1 200 10000')
    // The upgrade from HTTP/1.1 is not taken up (RFC 9113 §3.1).
    assert.equal(await curl('--http2', `${plain.url}/a`), '1.1 200 10000')
  })

  it('are curl with bodies, those that are too large included', async () => {
    const file = join(folder, 'body')
    writeFileSync(file, Buffer.alloc(900_000, 'x'))
    assert.match(await curl('--http2', '--data-binary', `@${file}`, https('/a')), /^2 200 /)
    writeFileSync(file, Buffer.alloc(2_000_000, 'x'))
    assert.match(await curl('--http2', '--data-binary', `@${file}`, https('/a')), /^2 413 /)
  })

  it('are nghttp, with several requests on a connection', async () => {
    const { stdout } = await run('nghttp', ['-nv', '-m', '5', https('/a')])
    assert.equal(stdout.match(/:status: 200/g)?.length, 5)
  })

  it('are h2load, with many connections and streams', async () => {
    const { stdout } = await run('h2load', ['-n', '2000', '-c', '10', '-m', '50', https('/a')])
    assert.match(stdout, /2000 done, 2000 succeeded, 0 failed, 0 errored, 0 timeout/)
  })
})
