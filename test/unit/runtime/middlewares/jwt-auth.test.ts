import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, it } from 'node:test'

import { base64url, CompactSign, SignJWT } from 'jose'

import type { JsonObject } from '../../../../src/domain/index.ts'
import { expectProblem } from '../../../support/expect-problem.ts'
import { middlewareBench, type BenchOptions } from '../../../support/middleware-run.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed = generateKeyPairSync('ed25519')
const NOW = 1_800_000_000

function jwkOf(key: KeyObject, members: Record<string, string> = {}): JsonObject {
  return { ...(key.export({ format: 'jwk' }) as unknown as JsonObject), ...members }
}

interface TokenParts {
  readonly claims?: Record<string, unknown>
  readonly alg?: string
  readonly kid?: string
  readonly header?: Record<string, unknown>
}

function sign(
  key: KeyObject,
  { claims = {}, alg = 'ES256', kid, header = {} }: TokenParts = {},
): Promise<string> {
  const protectedHeader = { alg, ...(kid === undefined ? {} : { kid }), ...header }
  return new SignJWT({ sub: 'ann', exp: NOW + 600, ...claims }).setProtectedHeader(protectedHeader).sign(key)
}

function bench(config: JsonObject = {}, options: BenchOptions = {}) {
  const key =
    'jwks_url' in config || 'public_key_pem' in config ? {} : { public_key_jwk: jwkOf(ec.publicKey) }
  return middlewareBench([['jwt-auth', { ...key, ...config }]], options)
}

async function statusOf(token: string, config: JsonObject = {}): Promise<number> {
  return (await bench(config).send({ headers: { authorization: `Bearer ${token}` } })).status
}

describe('jwt-auth', () => {
  it('lets in who bears a valid token, and says who that is', async () => {
    const claims = { scope: 'read write', realm: { roles: ['admin', 'ops,eu'] } }
    const token = await sign(ec.privateKey, { claims })
    const chain = middlewareBench([
      [
        'jwt-auth',
        { public_key_jwk: jwkOf(ec.publicKey), groups_claim: 'realm.roles', required_scopes: ['read'] },
      ],
      ['cel', { expression: 'request.claims.sub == "ann"' }],
    ])
    for (const _ of ['verified', 'remembered']) {
      const { status, passed } = await chain.send({ headers: { authorization: `bearer ${token}` } })
      assert.equal(status, 200)
      assert.equal(passed?.headers['x-auth-consumer'], 'ann')
      assert.equal(passed?.headers['x-auth-consumer-groups'], 'admin,ops%2Ceu')
      assert.equal(passed?.headers['x-auth-scope'], 'read write')
    }
  })

  it('takes every type of key, as JWK and as PEM', async () => {
    for (const [pair, alg] of [
      [rsa, 'RS256'],
      [rsa, 'PS512'],
      [ec, 'ES256'],
      [ed, 'EdDSA'],
    ] as const) {
      const token = await sign(pair.privateKey, { alg })
      const pem = pair.publicKey.export({ format: 'pem', type: 'spki' })
      assert.equal(await statusOf(token, { public_key_jwk: jwkOf(pair.publicKey) }), 200, alg)
      assert.equal(await statusOf(token, { public_key_pem: pem as string }), 200, alg)
    }
  })

  it('refuses a request without a token, and asks for one', async () => {
    for (const authorization of [
      undefined,
      'Basic abc',
      'Bearer',
      'Bearer a b',
      'Bearer a.b.c"',
      'Bearera.b.c',
      `Bearer ${'a'.repeat(20_000)}`,
    ]) {
      const { status, headers } = await bench().send(
        authorization === undefined ? {} : { headers: { authorization } },
      )
      assert.equal(status, 401)
      assert.equal(headers['www-authenticate'], 'Bearer', authorization)
    }
  })

  it('refuses forged tokens: another key, a changed part, no signature', async () => {
    const token = await sign(ec.privateKey)
    const [header = '', payload = '', signature = ''] = token.split('.')
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const claims = base64url.encode(JSON.stringify({ sub: 'root', exp: NOW + 600 }))
    const none = base64url.encode(JSON.stringify({ alg: 'none' }))
    for (const forged of [
      await sign(other.privateKey),
      `${header}.${claims}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${header}.${payload}.`,
      `${none}.${claims}.`,
      `${none}.${claims}.${signature}`,
      `${header}.${payload}`,
      'a.b.c',
      `${token}.${signature}`,
    ]) {
      assert.equal(await statusOf(forged), 401, forged)
    }
  })

  it('refuses algorithms that do not fit the key: HMAC with the public key, RSA by an EC key', async () => {
    for (const secret of [
      rsa.publicKey.export({ format: 'pem', type: 'spki' }) as string,
      rsa.publicKey.export({ format: 'der', type: 'spki' }),
      JSON.stringify(jwkOf(rsa.publicKey)),
    ]) {
      const head = base64url.encode(JSON.stringify({ alg: 'HS256', typ: 'JWT' }))
      const body = base64url.encode(JSON.stringify({ sub: 'root', exp: NOW + 600 }))
      const mac = createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url')
      assert.equal(await statusOf(`${head}.${body}.${mac}`, { public_key_jwk: jwkOf(rsa.publicKey) }), 401)
    }
    const byRsa = await sign(rsa.privateKey, { alg: 'RS256' })
    assert.equal(await statusOf(byRsa, { public_key_jwk: jwkOf(ec.publicKey) }), 401)
    const restricted = jwkOf(rsa.publicKey, { alg: 'RS512' })
    assert.equal(await statusOf(byRsa, { public_key_jwk: restricted }), 401)
  })

  it('follows nothing that a token says of its key', async () => {
    const own = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const asked: string[] = []
    const outbound = {
      fetchJson: async (url: string) => {
        asked.push(url)
        return { keys: [jwkOf(ec.publicKey, { kid: 'k1' })] }
      },
    }
    const config = { jwks_url: 'https://id.example/jwks' }
    for (const header of [
      { jwk: jwkOf(own.publicKey) },
      { jku: 'https://evil.example/jwks', kid: 'evil' },
      { x5u: 'https://evil.example/cert' },
      { kid: '../../../../dev/null' },
      { kid: "k1' OR '1'='1" },
      { kid: 'https://evil.example/jwks' },
      { kid: '__proto__' },
    ]) {
      const token = await sign(own.privateKey, { header })
      const { status } = await bench(config, { outbound }).send({
        headers: { authorization: `Bearer ${token}` },
      })
      assert.equal(status, 401, JSON.stringify(header))
    }
    const notText = await new CompactSign(Buffer.from('{}'))
      .setProtectedHeader({ alg: 'ES256', kid: 7 as never })
      .sign(own.privateKey)
    assert.equal(await statusOf(notText), 401)
    assert.deepEqual([...new Set(asked)], ['https://id.example/jwks'])
  })

  it('refuses what has expired, is not valid yet, or never ends', async () => {
    const within = await sign(ec.privateKey, { claims: { exp: NOW - 59 } })
    assert.equal(await statusOf(within), 200)
    for (const claims of [
      { exp: NOW - 60 },
      { exp: undefined },
      { exp: 'soon' },
      { nbf: NOW + 61 },
      { nbf: 'x' },
    ]) {
      assert.equal(await statusOf(await sign(ec.privateKey, { claims })), 401, JSON.stringify(claims))
    }
    const strict = { clock_skew_seconds: 0 }
    assert.equal(await statusOf(await sign(ec.privateKey, { claims: { exp: NOW } }), strict), 401)
  })

  it('forgets a remembered token when it expires', async () => {
    const chain = bench({ clock_skew_seconds: 0 })
    const sent = {
      headers: { authorization: `Bearer ${await sign(ec.privateKey, { claims: { exp: NOW + 10 } })}` },
    }
    assert.equal((await chain.send(sent)).status, 200)
    chain.pass(9_999)
    assert.equal((await chain.send(sent)).status, 200)
    chain.pass(1)
    assert.equal((await chain.send(sent)).status, 401)
  })

  it('checks issuer and audience', async () => {
    const rules = { issuer: 'https://id.example', audience: ['orders', 'shop'] }
    const good = { iss: 'https://id.example', aud: ['other', 'shop'] }
    assert.equal(await statusOf(await sign(ec.privateKey, { claims: good }), rules), 200)
    for (const claims of [
      { ...good, iss: 'https://id.example/' },
      { ...good, iss: undefined },
      { ...good, aud: 'sho' },
      { ...good, aud: undefined },
      { ...good, aud: [] },
      { ...good, aud: { shop: true } },
    ]) {
      assert.equal(await statusOf(await sign(ec.privateKey, { claims }), rules), 401, JSON.stringify(claims))
    }
  })

  it('answers 403 for a token without a scope that it needs', async () => {
    const token = await sign(ec.privateKey, { claims: { scp: ['read'] } })
    const answer = await bench({ required_scopes: ['read', 'write'] }).send({
      headers: { authorization: `Bearer ${token}` },
    })
    assert.equal(answer.status, 403)
    assert.match(answer.headers['www-authenticate'] ?? '', /insufficient_scope/)
  })

  it('sends a subject of any text as one header field', async () => {
    const token = await sign(ec.privateKey, { claims: { sub: 'änn\r\nx-admin: 1' } })
    const { passed } = await bench().send({ headers: { authorization: `Bearer ${token}` } })
    assert.equal(passed?.headers['x-auth-consumer'], '%C3%A4nn%0D%0Ax-admin%3A%201')
  })

  it('refuses keys that sign no tokens', () => {
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
    for (const config of [
      { public_key_jwk: jwkOf(small) },
      { public_key_jwk: { kty: 'RSA' } },
      { public_key_jwk: { ...jwkOf(ec.publicKey), use: 'enc' } },
      { public_key_pem: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----' },
      { public_key_jwk: jwkOf(ec.publicKey), jwks_url: 'https://id.example' },
    ] as JsonObject[]) {
      expectProblem('BCN_MIDDLEWARE_CONFIG', () => middlewareBench([['jwt-auth', config]]))
    }
  })
})

describe('jwt-auth with a key set', () => {
  const first = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const second = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const setOf = (...keys: (readonly [KeyObject, string])[]) => ({
    keys: [
      ...keys.map(([key, kid]) => jwkOf(key, { kid })),
      { kty: 'oct', k: 'AAAA' },
      'nonsense',
      { kty: 'EC' },
    ],
  })
  const withServer = (config: JsonObject = {}) => {
    let answer: unknown = setOf([first.publicKey, 'k1'])
    let fetches = 0
    const outbound = {
      fetchJson: async () => {
        fetches += 1
        if (answer instanceof Error) throw answer
        return answer
      },
    }
    const chain = bench({ jwks_url: 'https://id.example/jwks', ...config }, { outbound })
    return {
      chain,
      fetches: () => fetches,
      say: (next: unknown) => (answer = next),
      status: async (
        key: KeyObject,
        kid?: string,
        claims: Record<string, unknown> = { exp: NOW + 10_000_000 },
      ) => {
        const token = await sign(key, {
          claims: { ...claims, jti: String(Math.trunc(Math.sqrt(fetches * 1e6))) },
          ...(kid === undefined ? {} : { kid }),
        })
        return (await chain.send({ headers: { authorization: `Bearer ${token}` } })).status
      },
    }
  }

  it('fetches it once for many requests', async () => {
    const { status, fetches } = withServer()
    const statuses = await Promise.all(Array.from({ length: 50 }, () => status(first.privateKey, 'k1')))
    assert.deepEqual(new Set(statuses), new Set([200]))
    assert.equal(await status(first.privateKey), 200)
    assert.equal(fetches(), 1)
  })

  it('takes a new key when a token names it, and drops what the old one signed', async () => {
    const server = withServer()
    const old = await sign(first.privateKey, { kid: 'k1', claims: { exp: NOW + 10_000_000 } })
    const sent = { headers: { authorization: `Bearer ${old}` } }
    assert.equal((await server.chain.send(sent)).status, 200)
    server.say(setOf([second.publicKey, 'k2']))
    server.chain.pass(10_000)
    assert.equal(await server.status(second.privateKey, 'k2'), 200)
    assert.equal((await server.chain.send(sent)).status, 401)
    assert.equal(server.fetches(), 2)
  })

  it('asks again for unknown keys at most every ten seconds', async () => {
    const { status, fetches, chain } = withServer()
    for (let count = 0; count < 20; count += 1)
      assert.equal(await status(second.privateKey, `x${count}`), 401)
    assert.equal(fetches(), 1)
    chain.pass(10_000)
    for (let count = 0; count < 20; count += 1)
      assert.equal(await status(second.privateKey, `y${count}`), 401)
    assert.equal(fetches(), 2)
  })

  it('refreshes in the background, and goes on with the last keys while it cannot', async () => {
    const { status, fetches, chain, say } = withServer({
      jwks_refresh_seconds: 300,
      jwks_grace_seconds: 3600,
    })
    assert.equal(await status(first.privateKey, 'k1'), 200)
    say(new Error('connection refused'))
    chain.pass(301_000)
    assert.equal(await status(first.privateKey, 'k1'), 200)
    await new Promise(setImmediate)
    assert.equal(fetches(), 2)
    assert.ok(
      (await chain.logged()).some(({ msg, kept }) => msg === 'a key set cannot be fetched' && kept === true),
    )
    chain.pass(3_600_000)
    assert.equal(await status(first.privateKey, 'k1'), 503)
    chain.pass(10_000)
    say(setOf([first.publicKey, 'k1']))
    assert.equal(await status(first.privateKey, 'k1'), 200)
  })

  it('answers 503 while there never were keys, without asking at every request', async () => {
    const { status, fetches, chain, say } = withServer()
    for (const answer of [
      new Error('down'),
      { keys: 'none' },
      null,
      { keys: Array.from({ length: 101 }, () => ({})) },
    ]) {
      say(answer)
      const before = fetches()
      assert.equal(await status(first.privateKey, 'k1'), 503)
      assert.equal(await status(first.privateKey, 'k1'), 503)
      assert.equal(fetches(), before + 1)
      chain.pass(10_000)
    }
    say(setOf([first.publicKey, 'k1']))
    assert.equal(await status(first.privateKey, 'k1'), 200)
  })
})
