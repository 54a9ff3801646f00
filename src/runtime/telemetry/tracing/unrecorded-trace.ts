import type { RequestTrace } from './trace.ts'

/** A request that nobody is told of: services and the log get its ids, and no more is kept. */
export class UnrecordedTrace implements RequestTrace {
  readonly traceId: string

  constructor(traceId: string) {
    this.traceId = traceId
  }

  stage(): void {}

  beginUpstream(): undefined {}

  end(): void {}
}
