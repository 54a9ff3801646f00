import type { Attributes, HrTime, SpanContext, SpanKind, SpanStatus } from '@opentelemetry/api'
import type { InstrumentationScope } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'

/** What all spans of a gateway have in common. */
export interface SpanSource {
  readonly resource: Resource
  readonly instrumentationScope: InstrumentationScope
  /** What makes the time of day of a monotonic time, so that a clock which is set does not bend a request. */
  readonly epochMs: number
}

export interface SpanFacts {
  readonly name: string
  readonly kind: SpanKind
  readonly context: SpanContext
  readonly parent: SpanContext | undefined
  /** Monotonic. */
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Attributes
  readonly status: SpanStatus
}

const NONE: never[] = []

/**
 * A span that is over, as the exporter of the SDK reads it: the only form that spans have here. Many of them wait for the
 * collector, so that each keeps no more than what is its own.
 */
export class FinishedSpan implements ReadableSpan {
  readonly parentSpanContext?: SpanContext
  readonly #facts: SpanFacts
  readonly #source: SpanSource

  constructor(facts: SpanFacts, source: SpanSource) {
    if (facts.parent !== undefined) this.parentSpanContext = facts.parent
    this.#facts = facts
    this.#source = source
  }

  get name(): string {
    return this.#facts.name
  }

  get kind(): SpanKind {
    return this.#facts.kind
  }

  get attributes(): Attributes {
    return this.#facts.attributes
  }

  get status(): SpanStatus {
    return this.#facts.status
  }

  get startTime(): HrTime {
    return timeOf(this.#source.epochMs + this.#facts.startMs)
  }

  get endTime(): HrTime {
    return timeOf(this.#source.epochMs + this.#facts.endMs)
  }

  get duration(): HrTime {
    return timeOf(this.#facts.endMs - this.#facts.startMs)
  }

  get resource(): Resource {
    return this.#source.resource
  }

  get instrumentationScope(): InstrumentationScope {
    return this.#source.instrumentationScope
  }

  get links(): never[] {
    return NONE
  }

  get events(): never[] {
    return NONE
  }

  get ended(): true {
    return true
  }

  get droppedAttributesCount(): 0 {
    return 0
  }

  get droppedEventsCount(): 0 {
    return 0
  }

  get droppedLinksCount(): 0 {
    return 0
  }

  spanContext(): SpanContext {
    return this.#facts.context
  }
}

/** Seconds and nanoseconds. */
function timeOf(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000)
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)]
}
