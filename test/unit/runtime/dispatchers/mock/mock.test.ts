import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { builtins, type JsonObject, type MockExample } from '../../../../../src/domain/index.ts'
import type { DispatcherContext } from '../../../../../src/runtime/dispatchers/context.ts'
import { createMock } from '../../../../../src/runtime/dispatchers/mock/mock.ts'
import { negotiate } from '../../../../../src/runtime/dispatchers/mock/negotiate.ts'
import { withDefaults } from '../../../../../src/runtime/with-defaults.ts'
import { answerOf, sampleExchange, type Sent } from '../../../../support/middleware-run.ts'

function mocking(
  config: JsonObject,
  examples?: readonly MockExample[],
  captureNames: readonly string[] = ['id'],
) {
  const schema = builtins.get('mock')?.config as JsonObject
  const context = { captureNames, examples } as unknown as DispatcherContext
  const handler = createMock(withDefaults(schema, config), context)
  const send = (request: Sent = {}) =>
    answerOf(handler, request, { maxBodyBytes: 10_000, passed: () => null })
  return { handler, send }
}

const example = (status: number, type: string | null, name: string | null, body: string): MockExample => ({
  status,
  media_type: type,
  name,
  body,
})

const examples: readonly MockExample[] = [
  example(200, 'application/json', 'one', '{"n":1}'),
  example(200, 'application/json', 'two', '{"n":2}'),
  example(200, 'text/csv; charset=utf-8', null, 'n\n1\n'),
  example(204, null, null, ''),
  example(404, 'application/problem+json', 'gone', '{"title":"gone"}'),
]

describe('mock', () => {
  it('answers with its response', async () => {
    const { status, headers, body } = await mocking({
      status: 201,
      body: { a: 1 },
      headers: { 'X-A': 'b' },
    }).send()
    assert.deepEqual(
      [status, headers['content-type'], headers['x-a'], body],
      [201, 'application/json', 'b', '{"a":1}'],
    )
  })

  it('says something of the request', async () => {
    const body =
      '{{request.method}} {{request.path}} {{ request.query }} {{request.client_ip}} {{headers.x-user}} {{path_params.id}} {{query_params.q}} {{body.a.b}} {{body.a}} {{body.none.x}}.'
    const { send } = mocking({
      body,
      content_type: 'text/plain',
      headers: { location: '/books/{{path_params.id}}' },
    })
    const answer = await send({
      method: 'POST',
      target: '/books/7%20a?q=1%2B1',
      headers: { 'X-User': 'ann' },
      body: '{"a":{"b":"deep"}}',
      captures: ['7%20a'],
    })
    assert.equal(answer.body, 'POST /books/7%20a q=1%2B1 192.0.2.1 ann 7 a 1+1 deep {"b":"deep"} .')
    assert.equal(answer.headers['location'], '/books/7 a')
  })

  it('lets nothing of a request end the place where it stands', async () => {
    const value = 'x"\\</b>&\'\n'
    const body = JSON.stringify({ v: value })
    for (const [type, template, text] of [
      ['application/json', '{"v":"{{body.v}}"}', body],
      ['application/problem+json', '{"v":"{{body.v}}"}', body],
      ['text/html', '<b>{{body.v}}</b>', '<b>x&#34;\\&#60;/b&#62;&#38;&#39;\n</b>'],
      ['application/x-www-form-urlencoded', 'v={{body.v}}', "v=x%22%5C%3C%2Fb%3E%26'%0A"],
      ['text/plain', '{{body.v}}', value],
    ] as const) {
      const { send } = mocking({ body: template, content_type: type, headers: { 'x-v': 'a{{body.v}}b' } })
      const answer = await send({ method: 'POST', body })
      assert.equal(answer.body, text, type)
      assert.equal(answer.headers['x-v'], 'ax"\\</b>&\'b')
    }
  })

  it('is JSON with any value in it', async () => {
    const { send } = mocking({ body: { v: '{{headers.x-v}}', w: ['{{query_params.w}}'] } })
    const text = fc.string({ unit: 'binary-ascii' }).map((raw) => raw.replaceAll(/[^\x20-\x7e]/g, '').trim())
    await fc.assert(
      fc.asyncProperty(text, text, async (v, w) => {
        const { json } = await send({ headers: { 'x-v': v }, target: `/?w=${encodeURIComponent(w)}` })
        assert.deepEqual(json(), { v, w: [w] })
      }),
    )
  })

  it('leaves braces of others alone, and refuses placeholders that nothing fills', async () => {
    assert.equal(
      (await mocking({ body: '{{name}} {{#each x}}', content_type: 'text/plain' }).send()).body,
      '{{name}} {{#each x}}',
    )
    assert.throws(() => mocking({ body: '{{path_params.isbn}}' }), /isbn}} is no parameter of the path/)
    assert.throws(
      () => mocking({ body: '{{request.verb}}' }),
      /{{request\.verb}} is nothing that a request has/,
    )
  })

  it('takes its time, and none once the client has gone', (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] })
    const { handler } = mocking({ delay_ms: 500 })
    let answers = 0
    const outcome = { maxBodyBytes: 1, answered: () => (answers += 1), failed: assert.fail }
    handler(sampleExchange({}, outcome))
    context.mock.timers.tick(499)
    assert.equal(answers, 0)
    context.mock.timers.tick(1)
    assert.equal(answers, 1)
  })
})

describe('mock by example', () => {
  const { send } = mocking({ examples: true, headers: { 'x-a': '{{request.method}}' } }, examples)
  const ask = async (headers: Sent['headers'] = {}) => {
    const { status, body, headers: fields } = await send({ headers })
    return [status, body, fields['preference-applied']]
  }

  it('gives the first example of the lowest status', async () => {
    const { status, body, headers } = await send()
    assert.deepEqual(
      [status, body, headers['content-type'], headers['x-a'], headers['preference-applied']],
      [200, '{"n":1}', 'application/json', 'GET', undefined],
    )
    const wanted = mocking({ examples: true, status: 404 }, examples)
    assert.equal((await wanted.send()).status, 404)
  })

  it('gives what the client prefers (RFC 7240)', async () => {
    for (const [prefer, status, body, applied] of [
      ['code=404', 404, '{"title":"gone"}', 'code=404'],
      ['code=204', 204, '', 'code=204'],
      ['example=two', 200, '{"n":2}', 'example=two'],
      ['example="gone"', 404, '{"title":"gone"}', 'example=gone'],
      ['respond-async, code=404; x=1, example=gone', 404, '{"title":"gone"}', 'code=404, example=gone'],
      ['code=418', 200, '{"n":1}', undefined],
      ['example=none', 200, '{"n":1}', undefined],
      ['code=4o4', 200, '{"n":1}', undefined],
    ] as const) {
      assert.deepEqual(await ask({ prefer }), [status, body, applied], prefer)
    }
  })

  it('gives a media type that the client takes, and 406 where there is none', async () => {
    for (const [accept, body] of [
      ['text/csv', 'n\n1\n'],
      ['text/*', 'n\n1\n'],
      ['*/*', '{"n":1}'],
      ['text/csv;q=0.9, application/json;q=0.1', 'n\n1\n'],
      ['*/*;q=0.1, text/csv;q=0', '{"n":1}'],
      ['APPLICATION/JSON', '{"n":1}'],
    ] as const) {
      assert.equal((await ask({ accept }))[1], body, accept)
    }
    const refused = await send({ headers: { accept: 'image/png' } })
    assert.deepEqual([refused.status, refused.json()['type']], [406, 'urn:barbacane:error:not-acceptable'])
  })

  it('refuses an artifact that has no examples', () => {
    assert.throws(() => mocking({ examples: true }), /has none for the operation/)
    assert.throws(() => mocking({ examples: true, status: 201 }, examples), /no example of 201/)
  })
})

describe('negotiate (RFC 9110 §12.5.1)', () => {
  it('goes by the most specific range, and takes nothing with the weight 0', () => {
    const types = ['application/json', 'text/html']
    for (const [accept, type] of [
      [undefined, 'application/json'],
      ['', 'application/json'],
      ['text/html, application/json', 'application/json'],
      ['text/html;q=1.0, application/json;q=0.999', 'text/html'],
      ['application/*;q=0, */*', 'text/html'],
      ['application/json;q=0', undefined],
      ['text/html;q=2', undefined],
      ['text/html;q=nonsense', undefined],
      ['nonsense', undefined],
    ] as const) {
      assert.equal(negotiate(accept, types), type, String(accept))
    }
  })
})
