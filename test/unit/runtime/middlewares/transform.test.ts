import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { JsonObject } from '../../../../src/domain/index.ts'
import { expectProblem } from '../../../support/expect-problem.ts'
import { middlewareBench } from '../../../support/middleware-run.ts'

function request(config: JsonObject) {
  return middlewareBench([['request-transformer', config]], { captureNames: ['id'] })
}

describe('request-transformer', () => {
  const sent = {
    target: '/public/items/a%20b?keep=1&old=x%20y&drop=2',
    captures: ['a%20b'],
    headers: { 'X-Old': ['1', '2'], 'x-drop': 'x', cookie: 'a=1; theme=dark', 'x-user': 'ann' },
    context: new Map([['plan', 'paid']]),
  }

  it('changes header fields by what the request has', async () => {
    const set = {
      'x-all': '$client_ip/$header.x-user/$query.old/$path.id/$cookie.theme/$$1/$header.none',
      'x-plan': 'context:plan',
    }
    const headers = { remove: ['X-Drop'], rename: { 'x-old': 'x-new' }, set, add: { 'x-user': 'bob' } }
    const { passed } = await request({ headers }).send(sent)
    assert.equal(passed?.headers['x-all'], '192.0.2.1/ann/x y/a b/dark/$1/')
    assert.equal(passed?.headers['x-plan'], 'paid')
    assert.equal(passed?.headers['x-new'], '2')
    assert.equal(passed?.headers['x-old'], undefined)
    assert.equal(passed?.headers['x-drop'], undefined)
  })

  it('lets nobody write a second field through a value', async () => {
    const { passed } = await request({ headers: { set: { 'x-id': '$path.id' } } }).send({
      ...sent,
      captures: ['a%0D%0Ax-admin:%201%E2%82%AC'],
    })
    assert.equal(passed?.headers['x-id'], 'a%0D%0Ax-admin%3A%201%E2%82%AC')
    assert.equal(passed?.headers['x-admin'], undefined)
  })

  it('changes the query and keeps the rest as it was written', async () => {
    const querystring = {
      remove: ['drop'],
      rename: { old: 'né w' },
      add: { user: '$header.x-user&', fix: '1' },
    }
    const { passed } = await request({ querystring }).send(sent)
    assert.equal(passed?.query, 'keep=1&n%C3%A9%20w=x%20y&user=ann%26&fix=1')
  })

  it('changes the path, which stays one path', async () => {
    const pathOf = async (path: JsonObject, target: string) =>
      (await request({ path }).send({ target })).passed?.path
    assert.equal(await pathOf({ strip_prefix: '/public', add_prefix: '/v2/' }, '/public/items'), '/v2/items')
    assert.equal(await pathOf({ strip_prefix: '/public' }, '/publication'), '/publication')
    assert.equal(await pathOf({ strip_prefix: '/public' }, '/public'), '/')
    assert.equal(await pathOf({ strip_prefix: '/public' }, '/public//evil.example'), '/evil.example')
    const replace = { pattern: '/([0-9]+)$', replacement: '/by-id/$1?x #' }
    assert.equal(await pathOf({ replace }, '/items/7'), '/items/by-id/7%3Fx%20%23')
  })

  it('changes a JSON body and no other', async () => {
    const body = {
      remove: ['/secret', '/list/0', '/none/x'],
      rename: { '/a~1b': '/deep/er' },
      add: { '/user': '$header.x-user', '/list/-': 9, '/__proto__': { polluted: true }, '/text/below': 1 },
    }
    const bench = request({ body })
    const answer = await bench.send({
      ...sent,
      method: 'POST',
      body: '{"secret":1,"list":[1,2],"a/b":true,"text":"t"}',
    })
    const changed = JSON.parse(answer.passed?.body ?? '') as Record<string, unknown>
    assert.deepEqual(changed['list'], [2, 9])
    assert.deepEqual(
      [changed['deep'], changed['user'], changed['secret'], changed['text']],
      [{ er: true }, 'ann', undefined, 't'],
    )
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
    for (const other of ['no json', '7', '"x"']) {
      assert.equal((await bench.send({ method: 'POST', body: other })).passed?.body, other)
    }
  })

  it('refuses fields of the connection, parameters that there are not, and patterns that are none', () => {
    for (const config of [
      { headers: { set: { 'Content-Length': '1' } } },
      { headers: { rename: { 'x-a': 'transfer-encoding' } } },
      { headers: { set: { 'x-a': '$path.none' } } },
      { path: { replace: { pattern: '(', replacement: '' } } },
      { path: { replace: { pattern: 'a', replacement: '$3' } } },
      { body: { add: { 'no-pointer': 1 } } },
    ] as JsonObject[]) {
      expectProblem('BCN_MIDDLEWARE_CONFIG', () => request(config))
    }
  })
})

describe('response-transformer', () => {
  const withService = (
    config: JsonObject,
    status = 200,
    headers: readonly string[] = [],
    body = '{"a":1,"b":2}',
  ) =>
    middlewareBench([['response-transformer', config]], {
      service: (exchange) => exchange.send(status, headers, Buffer.from(body)),
    })

  it('changes status, header fields and a JSON body', async () => {
    const config = {
      status: { '404': 410 },
      headers: { remove: ['x-powered-by'], set: { 'x-a': '$header.x' } },
      body: { remove: ['/a'], add: { '/c': '$header.x' } },
    }
    const bench = withService(config, 404, ['X-Powered-By', 'php', 'etag', '"1"'])
    const { status, headers, json } = await bench.send()
    assert.equal(status, 410)
    assert.deepEqual(
      [headers['x-powered-by'], headers['x-a'], headers['etag']],
      [undefined, '$header.x', undefined],
    )
    assert.deepEqual(json(), { b: 2, c: '$header.x' })
  })

  it('leaves bodies with a content coding and bodies that are no JSON', async () => {
    const config = { body: { remove: ['/a'] } }
    const coded = await withService(config, 200, ['content-encoding', 'gzip']).send()
    assert.equal(coded.body, '{"a":1,"b":2}')
    assert.equal((await withService(config, 200, ['etag', '"1"'], 'text').send()).headers['etag'], '"1"')
  })

  it('collects a streamed body', async () => {
    const bench = middlewareBench([['response-transformer', { body: { remove: ['/a'] } }]], {
      service: (exchange) => {
        const sink = exchange.stream(200, ['content-length', '13'])
        sink.write(Buffer.from('{"a":1,'))
        sink.write(Buffer.from('"b":2}'))
        sink.end()
      },
    })
    assert.equal((await bench.send()).body, '{"b":2}')
  })
})
