import { Fields, type UpstreamFault, type UpstreamHandler } from '../../src/runtime/http/index.ts'
import type { UpstreamRequest } from '../../src/runtime/http/upstream/upstream-call.ts'
import type { Upstream } from '../../src/runtime/dispatchers/upstreams.ts'

/** A call that an upstream was given, to be answered by the test. */
export interface GivenCall {
  readonly request: UpstreamRequest
  readonly answer: (status: number, body?: string, headers?: Fields) => void
  readonly fail: (fault: UpstreamFault, reason?: string) => void
  /** The body that is sent as a whole. */
  readonly body: () => string
  isAborted: boolean
}

export interface FakeUpstream extends Upstream {
  readonly calls: GivenCall[]
  /** What its metrics were told. */
  readonly told: string[]
}

/** An upstream without a socket; it answers at once where it is told how. */
export function fakeUpstream(origin: string, answerAtOnce?: (call: GivenCall) => void): FakeUpstream {
  const calls: GivenCall[] = []
  const told: string[] = []
  const send = (request: UpstreamRequest, handler: UpstreamHandler) => {
    const call: GivenCall = {
      request,
      isAborted: false,
      body: () => (Buffer.isBuffer(request.body) ? request.body.toString() : ''),
      answer: (status, body = '', headers = Fields.of([])) => {
        handler.onStart(status, headers)
        if (call.isAborted) return
        handler.onData(Buffer.from(body))
        handler.onEnd('')
      },
      fail: (fault, reason = fault) => handler.onFault(fault, new Error(reason)),
    }
    calls.push(call)
    if (answerAtOnce !== undefined) queueMicrotask(() => answerAtOnce(call))
    return { resume: () => undefined, abort: () => (call.isAborted = true) } as never
  }
  return {
    origin,
    calls,
    told,
    client: { send, close: () => undefined },
    metrics: {
      duration: { observe: () => undefined } as never,
      failed: (fault) => void told.push(fault),
      retried: () => void told.push('retried'),
      ejected: () => void told.push('ejected'),
      checked: (isHealthy) => void told.push(isHealthy ? 'healthy' : 'unhealthy'),
    },
  }
}
