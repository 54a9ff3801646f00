import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Fields } from '../../../../../src/runtime/http/index.ts'
import { announce, parentOf } from '../../../../../src/runtime/telemetry/tracing/trace-context.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT = '00f067aa0ba902b7'
const traceparent = `00-${TRACE}-${PARENT}-01`
const own = { traceId: TRACE, spanId: 'b7ad6b7169203331', traceFlags: 0 }

describe('parentOf', () => {
  it('reads the span that a request is a part of, and its state as one list', () => {
    const headers = Fields.received([
      'traceparent',
      traceparent,
      'tracestate',
      'a=1',
      'TraceState',
      'nonsense,b=2',
    ])
    const parent = parentOf(headers)
    assert.deepEqual(
      [parent?.traceId, parent?.spanId, parent?.traceFlags, parent?.isRemote],
      [TRACE, PARENT, 1, true],
    )
    assert.equal(parent?.traceState?.serialize(), 'a=1,b=2')
  })

  it('takes none where two are named, or none that has a meaning', () => {
    for (const pairs of [
      [],
      ['tracestate', 'a=1'],
      ['traceparent', traceparent, 'traceparent', traceparent],
      ['traceparent', ''],
      ['traceparent', `ff-${TRACE}-${PARENT}-01`],
    ]) {
      assert.equal(parentOf(Fields.received(pairs)), undefined)
    }
  })
})

describe('announce', () => {
  it('puts a span in the place of what the client has said, without a state that is of no parent', () => {
    const headers = Fields.received([
      'traceparent',
      traceparent,
      'Traceparent',
      'other',
      'tracestate',
      'a=1',
      'accept',
      '*/*',
    ])
    announce(headers, own)
    assert.deepEqual(headers.pairs(), ['accept', '*/*', 'traceparent', `00-${TRACE}-b7ad6b7169203331-00`])
  })

  it('goes on with the state of the parent, as far as it has a meaning', () => {
    const headers = Fields.received(['traceparent', traceparent, 'tracestate', ' a=1 , , b=2'])
    const { traceState } = parentOf(headers) ?? {}
    announce(headers, { ...own, traceFlags: 1, ...(traceState ? { traceState } : {}) })
    assert.deepEqual(headers.pairs(), [
      'traceparent',
      `00-${TRACE}-b7ad6b7169203331-01`,
      'tracestate',
      'a=1,b=2',
    ])
    const meaningless = Fields.received(['traceparent', traceparent, 'tracestate', 'nonsense'])
    announce(meaningless, { ...own, ...parentOf(meaningless) })
    assert.equal(meaningless.has('tracestate'), false)
  })
})
