import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import {
  connectionOptions,
  Fields,
  fieldSet,
  Known,
  knownField,
  knownName,
} from '../../../../src/runtime/http/index.ts'

const PAIRS = [
  'Accept',
  'a',
  'X-A',
  '1',
  'x-a',
  '2',
  'Connection',
  'close, X-B',
  'X-B',
  'b',
  'TE',
  'trailers',
]
const NONE = fieldSet()

describe('Fields', () => {
  it('are searched without regard to case, in their order', () => {
    const fields = Fields.received(PAIRS)
    assert.deepEqual(fields.values('x-a'), ['1', '2'])
    assert.equal(fields.get('accept'), 'a')
    assert.equal(fields.get('x-c'), undefined)
    assert.ok(fields.has('te') && !fields.has('t'))
    assert.deepEqual(fields.pairs(), PAIRS)
  })

  it('go on as they came, without what concerns one hop', () => {
    const fields = Fields.received(PAIRS)
    const dropped = fieldSet(Known.connection, Known.te)
    assert.equal(fields.lines(dropped, connectionOptions(fields)), 'Accept: a\r\nX-A: 1\r\nx-a: 2\r\n')
  })

  it('are replaced, added and removed', () => {
    const fields = Fields.received(PAIRS)
    fields.set('X-a', '3')
    fields.append('Set-Cookie', 'a=1')
    fields.append('set-cookie', 'b=2')
    fields.remove('ACCEPT')
    assert.equal(fields.get('x-a'), '3')
    assert.equal(fields.get('accept'), undefined)
    assert.deepEqual(fields.values('set-cookie'), ['a=1', 'b=2'])
    fields.remove('Set-Cookie')
    assert.ok(!fields.has('set-cookie'))
  })

  it('cannot be named away by a peer where the gateway has set them', () => {
    const fields = Fields.received(['Connection', 'x-user', 'x-user', 'forged'])
    fields.set('x-user', 'alice')
    assert.equal(fields.lines(fieldSet(Known.connection), connectionOptions(fields)), 'x-user: alice\r\n')
  })

  it('refuse names and values that HTTP does not allow', () => {
    const fields = Fields.of([])
    for (const name of ['', 'a b', 'a:', 'é', 'a\r\nb']) assert.throws(() => fields.set(name, 'x'), TypeError)
    for (const value of ['a\r\nb: c', 'a\nb', 'a\0b', '→', ' a', 'a\t'])
      assert.throws(() => fields.append('a', value), TypeError)
    assert.throws(() => Fields.of(['a', 'b\r\n']), TypeError)
    fields.set('a', 'é\tü')
    assert.equal(fields.get('a'), 'é\tü')
  })

  it('are what a plain list of pairs would be, whatever is done to them', () => {
    const name: fc.Arbitrary<string> = fc.constantFrom('Accept', 'accept', 'X-A', 'x-a', 'Host', 'TE', 'x-b')
    const value = fc.stringMatching(/^[a-z]{0,4}$/)
    const step = fc.tuple(fc.constantFrom('set', 'append', 'remove'), name, value)
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), fc.array(step), (given, steps) => {
        const fields = Fields.received(given.flat())
        let received = given
        let added: [string, string][] = []
        const without = (pairs: [string, string][], gone: string) =>
          pairs.filter(([other]) => other.toLowerCase() !== gone.toLowerCase())
        for (const [operation, field, text] of steps) {
          if (operation === 'append') fields.append(field, text)
          else if (operation === 'set') fields.set(field, text)
          else fields.remove(field)
          if (operation !== 'append') {
            received = without(received, field)
            added = without(added, field)
          }
          if (operation !== 'remove') added.push([field, text])
        }
        const expected = [...received, ...added]
        assert.deepEqual(fields.pairs(), expected.flat())
        assert.equal(
          fields.lines(NONE, undefined),
          expected.map(([field, text]) => `${field}: ${text}\r\n`).join(''),
        )
        for (const asked of ['accept', 'x-a', 'host', 'te', 'x-b', 'none']) {
          const values = expected.filter(([field]) => field.toLowerCase() === asked).map(([, text]) => text)
          assert.deepEqual(fields.values(asked), values)
          assert.equal(fields.get(asked), values[0])
          const id = knownField(asked, 0, asked.length)
          if (id !== Known.other) assert.equal(fields.getKnown(id), values[0])
        }
      }),
    )
  })
})

describe('connectionOptions', () => {
  const of = (...values: string[]) =>
    connectionOptions(Fields.received(values.flatMap((value) => ['Connection', value])))

  it('are what the fields name, except for nothing but to stay or to close', () => {
    for (const usual of [[], ['keep-alive'], ['Keep-Alive'], ['close']]) assert.equal(of(...usual), undefined)
    assert.deepEqual(of('keep-alive, X-A'), new Set(['keep-alive', 'x-a']))
    assert.deepEqual(of('keep-alive', 'X-B'), new Set(['keep-alive', 'x-b']))
  })

  it('are also those that were set later', () => {
    const fields = Fields.received(['Connection', 'keep-alive'])
    fields.append('connection', 'x-c')
    assert.deepEqual(connectionOptions(fields), new Set(['keep-alive', 'x-c']))
    fields.set('connection', 'X-D')
    assert.deepEqual(connectionOptions(fields), new Set(['x-d']))
  })
})

describe('knownField', () => {
  it('knows the names of fields that matter, in any case', () => {
    const of = (name: string) => knownField(name, 0, name.length)
    assert.equal(of('Content-Length'), Known.contentLength)
    assert.equal(of('HTTP2-Settings'), Known.http2Settings)
    assert.equal(of('X-FORWARDED-FOR'), Known.xForwardedFor)
    assert.equal(of('x-custom'), Known.other)
    assert.equal(of(''), Known.other)
    assert.equal(knownField('GET host: x', 4, 8), Known.host)
  })

  it('takes no name for another that differs in one character', () => {
    for (const id of Object.values(Known)) {
      if (id === Known.other) continue
      const name = knownName(id)
      assert.equal(knownField(name.toUpperCase(), 0, name.length), id)
      for (let at = 0; at < name.length; at += 1) {
        const other = `${name.slice(0, at)}~${name.slice(at + 1)}`
        assert.equal(knownField(other, 0, other.length), Known.other, other)
      }
    }
  })
})
