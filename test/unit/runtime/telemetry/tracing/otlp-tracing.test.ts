import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Fields, type GatewayRequest } from '../../../../../src/runtime/http/index.ts'
import { createLogger } from '../../../../../src/runtime/telemetry/index.ts'
import { createOtlpTracing } from '../../../../../src/runtime/telemetry/tracing/otlp-tracing.ts'
import { fakeRuntimeHost } from '../../../../support/fake-runtime-host.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

function begin(sampling: number, pairs: readonly string[] = []) {
  const host = fakeRuntimeHost({}, () => undefined)
  const log = createLogger({ level: 'error', format: 'json', nowMs: host.nowMs, write: host.writeLog })
  const options = { url: 'http://127.0.0.1:1/v1/traces', sampling, nodeName: 'edge-1', version: '1' }
  const headers = Fields.received(pairs)
  const trace = createOtlpTracing(options, host, log).begin(
    { method: 'GET', path: '/', headers } as GatewayRequest,
    0,
  )
  return { trace, headers }
}

describe('the trace of a request', () => {
  it('that nobody is told of has ids for services and the log, and costs a request to a service nothing', () => {
    const { trace, headers } = begin(0)
    const before = headers.get('traceparent')
    assert.equal(before, `00-${trace.traceId}-${before?.split('-')[2]}-00`)
    assert.equal(trace.beginUpstream('http://a.example', 1), undefined)
    assert.equal(headers.get('traceparent'), before)
  })

  it('that is recorded has services know their own span', () => {
    const { trace, headers } = begin(1)
    const before = headers.get('traceparent')
    assert.ok(trace.beginUpstream('http://a.example', 1))
    const [, traceId, spanId, flags] = headers.get('traceparent')?.split('-') ?? []
    assert.deepEqual([traceId, flags], [trace.traceId, '01'])
    assert.notEqual(spanId, before?.split('-')[2])
  })

  it('is recorded or not as the client says, whatever the share', () => {
    for (const [sampling, flags] of [
      [0, '01'],
      [1, '00'],
    ] as const) {
      const { trace, headers } = begin(sampling, ['traceparent', `00-${TRACE}-00f067aa0ba902b7-${flags}`])
      assert.equal(trace.traceId, TRACE)
      assert.equal(headers.get('traceparent')?.slice(-2), flags)
    }
  })

  it('is recorded for about its share of requests', () => {
    const count = 2000
    const isRecorded = () => begin(0.25).headers.get('traceparent')?.endsWith('01') === true
    const recorded = Array.from({ length: count }, isRecorded).filter(Boolean).length
    assert.ok(recorded > count / 8 && recorded < count / 2, `${recorded} of ${count}`)
  })
})
