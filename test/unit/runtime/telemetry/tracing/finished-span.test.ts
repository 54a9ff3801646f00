import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import fc from 'fast-check'

import { FinishedSpan } from '../../../../../src/runtime/telemetry/tracing/finished-span.ts'

const span = (startMs: number, endMs: number, epochMs: number) =>
  new FinishedSpan(
    {
      name: 'route',
      kind: SpanKind.INTERNAL,
      context: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 },
      parent: undefined,
      startMs,
      endMs,
      attributes: {},
      status: { code: SpanStatusCode.UNSET },
    },
    { resource: resourceFromAttributes({}), instrumentationScope: { name: 'barbacane' }, epochMs },
  )

describe('FinishedSpan', () => {
  it('tells the time of day of monotonic times, in seconds and nanoseconds', () => {
    const { startTime, endTime, duration } = span(250.25, 1300.5, 1_700_000_000_000)
    assert.deepEqual(
      [startTime, endTime],
      [
        [1_700_000_000, 250_250_000],
        [1_700_000_001, 300_500_000],
      ],
    )
    assert.deepEqual(duration, [1, 50_250_000])
  })

  it('keeps the order of times', () => {
    const ns = ([seconds, nanoseconds]: readonly [number, number]) =>
      BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)
    const ms = fc.double({ min: 0, max: 1e9, noNaN: true })
    fc.assert(
      fc.property(ms, ms, (one, other) => {
        const { startTime, endTime } = span(Math.min(one, other), Math.max(one, other), 1_700_000_000_000.125)
        assert.ok(ns(startTime) <= ns(endTime))
      }),
    )
  })
})
