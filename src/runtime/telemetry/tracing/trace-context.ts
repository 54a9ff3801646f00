import { TraceFlags, type SpanContext } from '@opentelemetry/api'
import { parseTraceParent, TraceState } from '@opentelemetry/core'

import type { Fields } from '../../http/index.ts'

const PARENT = 'traceparent'
const STATE = 'tracestate'

/**
 * The span that a request says it is a part of (W3C Trace Context §3.2), or undefined where it says none that has a
 * meaning: two of `traceparent` have none.
 */
export function parentOf(headers: Fields): SpanContext | undefined {
  const field = headers.get(PARENT)
  const parent = field === undefined ? null : parseTraceParent(field)
  if (parent === null || headers.values(PARENT).length > 1) return undefined
  const isStateful = headers.has(STATE)
  return {
    ...parent,
    isRemote: true,
    // Repeated fields are one list (§3.3).
    ...(isStateful ? { traceState: new TraceState(headers.values(STATE).join(',')) } : {}),
  }
}

/** Has services take this span for their parent. */
export function announce(headers: Fields, { traceId, spanId, traceFlags, traceState }: SpanContext): void {
  headers.setKnown(PARENT, `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01'}`)
  const state = traceState?.serialize() ?? ''
  if (state !== '') headers.setKnown(STATE, state)
  // A state that belongs to no parent must not go on (§3.4).
  else if (headers.has(STATE)) headers.remove(STATE)
}
