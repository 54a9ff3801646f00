import assert from 'node:assert/strict'
import { argon2Sync, createHash, randomBytes, scryptSync } from 'node:crypto'
import { describe, it } from 'node:test'

import { bcrypt } from 'hash-wasm'

import { expectProblem } from '../../../support/expect-problem.ts'
import { middlewareBench } from '../../../support/middleware-run.ts'

describe('apikey-auth', () => {
  const config = { keys: [{ key: 'secret-key-1', id: 'partner', scopes: ['read', 'a,b'] }] }

  it('lets in who knows a key, names the consumer and drops the key', async () => {
    const { status, passed } = await middlewareBench([['apikey-auth', config]]).send({
      headers: { 'X-API-Key': 'secret-key-1' },
    })
    assert.equal(status, 200)
    assert.equal(passed?.headers['x-auth-consumer'], 'partner')
    assert.equal(passed?.headers['x-auth-consumer-groups'], 'read,a%2Cb')
    assert.equal(passed?.headers['x-api-key'], undefined)
  })

  it('refuses a missing, empty, wrong or endless key', async () => {
    const bench = middlewareBench([['apikey-auth', config]])
    for (const key of [undefined, '', 'secret-key-2', 'secret-key-', 'x'.repeat(100_000)]) {
      const { status, headers, passed } = await bench.send(
        key === undefined ? {} : { headers: { 'x-api-key': key } },
      )
      assert.equal(status, 401)
      assert.match(headers['www-authenticate'] ?? '', /^ApiKey/)
      assert.equal(passed, null)
    }
  })

  it('takes keys by their digests', async () => {
    const key = `sha256:${createHash('sha256').update('secret-key-9').digest('hex')}`
    const bench = middlewareBench([['apikey-auth', { keys: [{ key, id: 'a' }] }]])
    assert.equal((await bench.send({ headers: { 'x-api-key': 'secret-key-9' } })).status, 200)
    assert.equal((await bench.send({ headers: { 'x-api-key': key } })).status, 401)
  })

  it('finds a key in the query, and drops it there', async () => {
    const bench = middlewareBench([['apikey-auth', { ...config, key_location: 'query', query_param: 'k' }]])
    const { status, passed } = await bench.send({ target: '/?a=1&k=secret%2Dkey-1&b=%20' })
    assert.equal(status, 200)
    assert.equal(passed?.query, 'a=1&b=%20')
    assert.equal((await bench.send({ headers: { 'x-api-key': 'secret-key-1' } })).status, 401)
  })

  it('refuses two entries with one key', () => {
    const keys = [config.keys[0], { key: 'secret-key-1', id: 'other' }] as never
    const { message } = expectProblem('BCN_MIDDLEWARE_CONFIG', () =>
      middlewareBench([['apikey-auth', { keys }]]),
    )
    assert.ok(!message.includes('secret-key-1'))
  })
})

describe('basic-auth', () => {
  const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  const salt = randomBytes(16)
  const argon = argon2Sync('argon2id', {
    message: 'pass',
    nonce: salt,
    parallelism: 1,
    tagLength: 32,
    memory: 64,
    passes: 1,
  })
  const kept = {
    argon2id: `$argon2id$v=19$m=64,t=1,p=1$${base64(salt)}$${base64(argon)}`,
    scrypt: `$scrypt$ln=4,r=8,p=1$${base64(salt)}$${base64(scryptSync('pass', salt, 32, { N: 16, r: 8, p: 1 }))}`,
    plain: 'pass',
  }
  const credentials = (password: string) => [{ username: 'ops', password, roles: ['admin'] }]
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })

  it('knows passwords by every kind of hash', async () => {
    const all = {
      ...kept,
      bcrypt: await bcrypt({ password: 'pass', salt, costFactor: 4, outputType: 'encoded' }),
    }
    for (const [kind, password] of Object.entries(all)) {
      const bench = middlewareBench([['basic-auth', { credentials: credentials(password) }]])
      const right = await bench.send({ headers: basic('ops:pass') })
      assert.equal(right.status, 200, kind)
      assert.equal(right.passed?.headers['x-auth-consumer'], 'ops')
      assert.equal(right.passed?.headers['x-auth-consumer-groups'], 'admin')
      assert.equal(right.passed?.headers['authorization'], undefined)
      for (const wrong of ['ops:Pass', 'ops:', 'other:pass', 'ops', ':pass', 'ops:pass:']) {
        assert.equal((await bench.send({ headers: basic(wrong) })).status, 401, `${kind} ${wrong}`)
      }
      assert.equal((await bench.send({ headers: basic('ops:pass') })).status, 200, `${kind} remembered`)
    }
  })

  it('asks for a password in its realm', async () => {
    const bench = middlewareBench([['basic-auth', { realm: 'shop', credentials: credentials(kept.plain) }]])
    for (const headers of [{}, { authorization: 'Bearer x' }, { authorization: 'Basic !!' }] as const) {
      const { status, headers: answered } = await bench.send({ headers })
      assert.equal(status, 401)
      assert.equal(answered['www-authenticate'], 'Basic realm="shop", charset="UTF-8"')
    }
  })

  it('checks again after five minutes, and keeps the field where it is told so', async () => {
    const config = { credentials: credentials(kept.plain), strip_credentials: false }
    const bench = middlewareBench([['basic-auth', config]])
    const sent = { headers: basic('ops:pass') }
    assert.ok((await bench.send(sent)).passed?.headers['authorization'])
    bench.pass(300_001)
    assert.equal((await bench.send(sent)).status, 200)
  })

  it('compares for an unknown user as it does for a wrong password', async () => {
    const heavy = argon2Sync('argon2id', {
      message: 'pass',
      nonce: salt,
      parallelism: 1,
      tagLength: 32,
      memory: 8192,
      passes: 20,
    })
    const password = `$argon2id$v=19$m=8192,t=20,p=1$${base64(salt)}$${base64(heavy)}`
    const bench = middlewareBench([['basic-auth', { credentials: credentials(password) }]])
    const cost = async (text: string) => {
      const before = process.cpuUsage()
      assert.equal((await bench.send({ headers: basic(text) })).status, 401)
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    await cost('ops:warm')
    const [unknown, wrong] = [await cost('nobody:pass'), await cost('ops:wrong')]
    assert.ok(unknown > wrong / 4, `${unknown} µs of CPU for an unknown user, ${wrong} for a wrong password`)
  })

  it('refuses with 503 what would wait too long', async () => {
    const bench = middlewareBench([['basic-auth', { credentials: credentials(kept.scrypt) }]])
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => bench.send({ headers: basic(`ops:wrong${index}`) })),
    )
    const counts = (status: number) => answers.filter((answer) => answer.status === status).length
    assert.equal(counts(401), 68)
    assert.equal(counts(503), 32)
  })

  it('refuses hashes of other kinds, malformed or too expensive, and says no password', () => {
    for (const password of [
      '$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA',
      '$argon2id$v=19$m=99999999,t=1,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA',
      '$argon2id$m=64$x$y',
      '$scrypt$ln=30,r=8,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA',
      '$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
      '$1$salt$hash',
    ]) {
      const { message } = expectProblem('BCN_MIDDLEWARE_CONFIG', () =>
        middlewareBench([['basic-auth', { credentials: credentials(password) }]]),
      )
      assert.match(message, /ops/)
      assert.ok(!message.includes(password))
    }
  })
})

describe('acl', () => {
  const statusOf = async (config: Record<string, unknown>, consumer: string | undefined, groups = '') => {
    const headers = {
      ...(consumer === undefined ? {} : { 'x-auth-consumer': consumer }),
      ...(groups === '' ? {} : { 'x-auth-consumer-groups': groups }),
    }
    return (await middlewareBench([['acl', config as never]]).send({ headers })).status
  }

  it('lets in by group and by name, and lets deny go first', async () => {
    assert.equal(await statusOf({ allow: ['admin'] }, 'a', 'reader,admin'), 200)
    assert.equal(await statusOf({ allow: ['admin'] }, 'a', 'reader'), 403)
    assert.equal(await statusOf({ allow: ['admin'] }, 'admin'), 403)
    assert.equal(await statusOf({ allow_consumers: ['a'] }, 'a'), 200)
    assert.equal(await statusOf({ allow: ['admin'], deny_consumers: ['a'] }, 'a', 'admin'), 403)
    assert.equal(await statusOf({ allow_consumers: ['a'], deny: ['banned'] }, 'a', 'banned'), 403)
    assert.equal(await statusOf({ deny: ['banned'] }, 'a', 'reader'), 200)
    assert.equal(await statusOf({ allow: ['x'], consumer_groups: { a: ['x'] } }, 'a'), 200)
  })

  it('refuses who has no name', async () => {
    assert.equal(await statusOf({ deny: ['banned'] }, undefined), 403)
    assert.equal(await statusOf({ deny: ['banned'] }, ''), 403)
  })

  it('reads groups with commas as one', async () => {
    assert.equal(await statusOf({ allow: ['a,b'] }, 'x', 'a%2Cb'), 200)
    assert.equal(await statusOf({ allow: ['b'] }, 'x', 'a%2Cb'), 403)
  })

  it('names the consumer in the refusal, unless told not to', async () => {
    const sent = { headers: { 'x-auth-consumer': 'a' } }
    const named = await middlewareBench([['acl', { allow: ['x'] }]]).send(sent)
    assert.equal(named.json()['consumer'], 'a')
    const hidden = await middlewareBench([
      ['acl', { allow: ['x'], hide_consumer_in_errors: true, message: 'No.' }],
    ]).send(sent)
    assert.deepEqual([hidden.json()['consumer'], hidden.json()['detail']], [undefined, 'No.'])
  })
})

describe('cel', () => {
  const statusOf = async (
    expression: string,
    sent: Parameters<ReturnType<typeof middlewareBench>['send']>[0] = {},
  ) => {
    const bench = middlewareBench([['cel', { expression }]], { captureNames: ['id'] })
    return (await bench.send({ captures: ['a%20b'], ...sent })).status
  }

  it('decides by every attribute of the request', async () => {
    const sent = {
      method: 'POST',
      target: '/items/a%20b?x=1&x=2&y=%C3%A9',
      headers: {
        'X-Tenant': 't1',
        accept: ['a', 'b'],
        'x-auth-consumer': 'ann',
        'x-auth-consumer-groups': 'ops,dev',
      },
      body: '{"n": 41, "list": [1, 2]}',
      claims: { sub: 'ann', level: 3 },
      context: new Map([['plan', 'paid']]),
    }
    for (const expression of [
      'request.method == "POST" && request.path == "/items/a%20b"',
      'request.query.x == ["1", "2"] && request.query["y"] == ["é"] && !has(request.query.z)',
      'request.headers["x-tenant"] == "t1" && request.headers["accept"] == "a, b"',
      'request.headers.exists(name, name == "x-tenant") && size(request.headers) == 4',
      'request.path_params.id == "a b"',
      'request.client_ip == "192.0.2.1"',
      'request.consumer == "ann" && "ops" in request.groups',
      'request.claims.level + 1 == 4',
      'request.body.n + 1 == 42 && request.body.list.size() == 2',
      'context.plan == "paid"',
      'now > timestamp("2020-01-01T00:00:00Z") && now.getFullYear() == 2027',
    ]) {
      assert.equal(await statusOf(expression, sent), 200, expression)
    }
  })

  it('refuses what is false, what fails and what costs too much', async () => {
    assert.equal(await statusOf('request.method == "POST"'), 403)
    assert.equal(await statusOf('request.claims.sub == "x"'), 403)
    assert.equal(await statusOf('request.consumer == "x" || true'), 200)
    assert.equal(await statusOf('request.body.n == 1', { method: 'POST', body: 'no json' }), 403)
    assert.equal(await statusOf('!has(request.claims) && !has(request.body)'), 200)
    const bench = middlewareBench([['cel', { expression: 'request.claims.sub == "x"' }]])
    await bench.send()
    const [line] = await bench.logged()
    assert.equal(line?.['reason'], 'there is no request.claims here')
  })

  it('denies or marks what matches, and lets the rest go on', async () => {
    const deny = {
      expression: 'request.method == "DELETE"',
      on_match: { deny: { status: 405, code: 'frozen', message: 'Later.' } },
    }
    const bench = middlewareBench([['cel', deny]])
    assert.equal((await bench.send()).status, 200)
    const denied = await bench.send({ method: 'DELETE' })
    assert.equal(denied.status, 405)
    assert.deepEqual([denied.json()['code'], denied.json()['detail']], ['frozen', 'Later.'])
    const mark = middlewareBench([
      ['cel', { expression: 'true', on_match: { set_context: { plan: 'free' } } }],
    ])
    assert.equal((await mark.send()).passed?.context.get('plan'), 'free')
    const failing = middlewareBench([['cel', { ...deny, expression: 'request.claims.x == 1' }]])
    assert.equal((await failing.send()).status, 403)
  })

  it('refuses an expression that is wrong, with its place', () => {
    const { message } = expectProblem('BCN_MIDDLEWARE_CONFIG', () =>
      middlewareBench([['cel', { expression: 'request.methd == 1' }]]),
    )
    assert.match(message, /1:9 there is no variable/)
  })
})
