import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { Agent, request, type RequestOptions } from 'node:https'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import type { FleetResult } from '../../src/commands/frame/fleet/inspect-fleet.ts'
import { selfSigned } from '../support/certificates.ts'
import { apiFiles, compileCommit, pinOf, RELEASE, spawnNode } from '../support/fleet-scene.ts'
import { gitRepository } from '../support/git-repository.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { spawnGateway } from '../support/spawn-gateway.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const TOKEN = 'a-token-of-operators'

/** The status of an answer over TLS, to a client with or without a certificate. */
function statusOf(url: string, options: RequestOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const agent = new Agent({ keepAlive: false })
    request(url, { agent, servername: 'edge.internal', ...options }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
    })
      .on('error', reject)
      .end()
  })
}

describe('an admin listener that asks who it is', () => {
  it('answers verify --fleet with the certificate and the token, probes without, and nobody else', async (context) => {
    await using repository = await gitRepository(apiFiles())
    await using folder = await temporaryFolder()
    const { bytes, artifact } = await compileCommit(repository, 'api.bca')
    const write = async (name: string, hostname: string) => {
      const pair = await selfSigned(hostname)
      await writeFile(join(folder.path, `${name}.crt`), pair.cert)
      await writeFile(join(folder.path, `${name}.key`), pair.key, { mode: 0o600 })
      return pair
    }
    const [edge, verifier, stranger] = [
      await write('edge', 'edge.internal'),
      await write('verifier', 'verifier.internal'),
      await write('stranger', 'verifier.internal'),
    ]
    const path = (name: string) => join(folder.path, name)
    const tlsFlags = ['--admin-tls-cert', path('edge.crt'), '--admin-tls-key', path('edge.key')]
    const node = await spawnNode(context, {
      name: 'edge-1',
      artifact: bytes,
      folder: folder.path,
      flags: [...tlsFlags, '--admin-client-ca', path('verifier.crt'), '--admin-token', 'env://ADMIN_TOKEN'],
      env: { ADMIN_TOKEN: TOKEN },
    })
    const adminUrl = node.adminUrl.replace('http:', 'https:')

    const ask = (page: string, options: RequestOptions) =>
      statusOf(`${adminUrl}${page}`, { ca: edge.cert, ...options })
    const bearer = { authorization: `Bearer ${TOKEN}` }
    assert.equal(await ask('/health', {}), 200)
    assert.equal(await ask('/ready', stranger), 200)
    for (const page of ['/metrics', '/_admin/provenance', '/provenance', '/upstreams', '/nothing']) {
      assert.equal(await ask(page, { headers: bearer }), 403, page)
      assert.equal(await ask(page, { ...stranger, headers: bearer }), 403, page)
      assert.equal(await ask(page, verifier), 401, page)
      assert.equal(await ask(page, { ...verifier, headers: bearer }), page === '/nothing' ? 404 : 200, page)
    }

    let asked = 0
    const verify = async (access: string, env: Readonly<Record<string, string>> = {}) => {
      const fleet = `# ${(asked += 1)}
version: 1
environments: { production: {} }
nodes:
  - name: edge-1
    environment: production
    admin_url: ${adminUrl}
    public_key: ${node.publicKey}
${access}`
      await repository.commit({ 'fleet.yaml': fleet, [RELEASE]: pinOf(artifact) }, 'Release')
      const { stdout } = await runBarbacane(['verify', '--fleet', '--json', '--require-attestation'], {
        cwd: repository.path,
        env,
      })
      const { result } = JSON.parse(stdout) as { readonly result: FleetResult }
      return result.nodes.map(({ reason }) => reason)
    }
    const tls = (client: string) =>
      `    tls: { ca: ${path('edge.crt')}, cert: ${path(`${client}.crt`)}, key: ${path(`${client}.key`)}, server_name: edge.internal }\n`
    const token = '    token: { env: FLEET_TOKEN }\n'
    const given = { FLEET_TOKEN: TOKEN }
    assert.deepEqual(await verify(tls('verifier') + token, given), ['in-sync'])
    assert.deepEqual(await verify(tls('verifier') + token, { FLEET_TOKEN: 'another-token-x' }), [
      'access-denied',
    ])
    assert.deepEqual(await verify(tls('stranger') + token, given), ['access-denied'])
    assert.deepEqual(await verify(tls('verifier')), ['access-denied'])
    assert.deepEqual(await verify(token, given), ['tls-failed'])

    await writeFile(path('verifier.crt'), stranger.cert)
    node.process.kill('SIGHUP')
    await node.logged(({ msg }) => msg === 'certificates reloaded')
    assert.equal(await ask('/metrics', { ...stranger, headers: bearer }), 200)
    assert.equal(await ask('/metrics', { ...verifier, headers: bearer }), 403)
  })

  it('is not reached by a route, whichever gateway it belongs to', async (context) => {
    await using repository = await gitRepository(apiFiles())
    const { bytes } = await compileCommit(repository, 'api.bca')
    const other = await spawnGateway(context, { artifact: bytes })
    const files = {
      'barbacane.yaml': 'version: 1\nspecs: ./specs/\n',
      'specs/shop.yaml': `openapi: 3.1.0
info: { title: Shop, version: 1.0.0 }
paths:
  /metrics:
    get:
      responses: { '200': { description: Good } }
      x-barbacane-dispatch: { name: http-upstream, config: { url: "${other.adminUrl}" } }
`,
    }
    await using leading = await gitRepository(files)
    const output = join(leading.path, '.git', 'leading.bca')
    const compiled = await runBarbacane(['compile', '--allow-plaintext', '--output', output], {
      cwd: leading.path,
    })
    assert.equal(compiled.exit, 0, compiled.stderr)
    const gateway = await spawnGateway(context, {
      artifact: await readFile(output),
      flags: ['--allow-plaintext-upstream', '--allow-private-upstream'],
    })
    const answer = await fetch(`${gateway.url}/metrics`)
    assert.equal(answer.status, 403)
    assert.deepEqual(await answer.json(), { error: 'not through a gateway' })
    assert.equal((await fetch(`${other.adminUrl}/metrics`)).status, 200)
  })
})
