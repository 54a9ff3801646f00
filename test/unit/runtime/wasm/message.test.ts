import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Fields } from '../../../../src/runtime/http/index.ts'
import { applyHeaders, readDecision, readResponse } from '../../../../src/runtime/wasm/message.ts'
import { PluginFault } from '../../../../src/runtime/wasm/plugin-fault.ts'
import { textsOf } from '../../../../src/runtime/wasm/services/plugin-http.ts'

const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const response = { status: 204, headers: {} }

describe('plugin interface §4 Messages', () => {
  it('the action and the code decide whether a middleware answers', () => {
    const request = { path: '/a' }
    assert.deepEqual(readDecision(0, undefined), { kind: 'continue', request: undefined })
    assert.deepEqual(readDecision(0, json({ action: 0, data: request })), { kind: 'continue', request })
    assert.deepEqual(readDecision(0, json(request)), { kind: 'continue', request })
    for (const [code, value] of [
      [1, { action: 1, data: response }],
      [0, { action: 1, data: response }],
      [1, { action: 0, data: response }],
      [1, response],
    ] as const)
      assert.deepEqual(readDecision(code, json(value)), { kind: 'respond', response })
  })

  it('an answer without a response, or with none that HTTP knows, is a fault', () => {
    assert.throws(() => readDecision(1, undefined), PluginFault)
    assert.throws(() => readResponse(undefined), PluginFault)
    for (const text of ['', '7', '[]', '{', '"x"', 'null'])
      assert.throws(() => readDecision(0, Buffer.from(text)), PluginFault, text)
    for (const status of [-1, 99, 100, 600, 200.5, '200', null, undefined])
      assert.throws(() => readResponse(json({ status })), PluginFault, String(status))
    for (const headers of [7, [], { a: 1 }, { a: null }])
      assert.throws(() => readResponse(json({ status: 200, headers })), PluginFault)
    assert.deepEqual(readResponse(json({ status: 200, headers: { 'X-A': 'b' } })).headers, { 'x-a': 'b' })
  })

  it('headers are texts in lower case, and go back as they came where they are left alone', () => {
    const fields = Fields.received([
      'Set-Cookie',
      'a=1',
      'set-cookie',
      'b=2',
      'X-Gone',
      '1',
      'Cookie',
      'c',
      'cookie',
      'd',
    ])
    const before = textsOf(fields)
    assert.deepEqual(before, { 'set-cookie': 'a=1, b=2', 'x-gone': '1', cookie: 'c; d' })
    const { 'x-gone': _gone, ...kept } = before
    applyHeaders(fields, before, { ...kept, 'X-New': 'n', cookie: 'e' })
    assert.deepEqual(fields.pairs(), ['Set-Cookie', 'a=1', 'set-cookie', 'b=2', 'cookie', 'e', 'x-new', 'n'])
  })

  it('names like those of the prototype are headers like any other', () => {
    const texts = textsOf(Fields.received(['__proto__', 'x', 'constructor', 'y']))
    assert.deepEqual(Object.entries(texts), [
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
    assert.equal(JSON.stringify(texts), '{"__proto__":"x","constructor":"y"}')
  })
})
