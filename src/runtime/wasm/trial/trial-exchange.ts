import { Fields, type BodyFault, type BodySink } from '../../http/index.ts'
import { Exchange, type GatewayResponse } from '../../pipeline/index.ts'
import { textsOf } from '../services/plugin-http.ts'
import type { TrialRequest, TrialResponse } from './trial.ts'

export interface TrialEnd {
  readonly maxBodyBytes: number
  readonly answered: (response: TrialResponse) => void
  readonly failed: (error: Error) => void
}

const REQUEST_ID = '00000000-0000-4000-8000-000000000000'

/** An exchange without a socket: its request is there as a whole, and its answer is kept. */
export function trialExchange(request: TrialRequest, end: TrialEnd): Exchange {
  const { method, path, query, headers, clientAddress, body } = request
  let response: TrialResponse | undefined
  const closed: ((complete: boolean) => void)[] = []
  const finish = (body: Buffer | null) => {
    for (const listener of closed.splice(0)) listener(true)
    if (response !== undefined) end.answered({ ...response, body })
  }
  const exchange = new Exchange(
    {
      method,
      path,
      query,
      scheme: 'https',
      version: '1.1',
      headers: Fields.of(Object.entries(headers).flat()),
      hasBody: body !== null,
      contentLength: body?.byteLength ?? -1,
      remoteAddress: clientAddress,
      readBody: (limitBytes, done: (outcome: Buffer | BodyFault) => void) =>
        done((body?.byteLength ?? 0) > limitBytes ? 'too-large' : (body ?? Buffer.alloc(0))),
      streamBody: () => {
        throw new TypeError('A trial has no upstream that a body could be streamed to')
      },
    },
    {
      send: (_, sent) => finish(sent),
      stream: (): BodySink => collect(finish, () => end.failed(new Error('the body ended early'))),
      onClose: (listener) => void closed.push(listener),
    },
    REQUEST_ID,
    { maxBodyBytes: end.maxBodyBytes, fail: (_, error) => end.failed(error) },
  )
  exchange.captures = Object.values(request.pathParameters).map((value) => encodeURIComponent(value))
  // The hook of the outermost middleware is the last to see an answer, and sees it without the gateway's own fields.
  exchange.onResponse((answer, next) => {
    response = toResponse(answer)
    next()
  }, end.maxBodyBytes)
  return exchange
}

function toResponse({ status, headers, body }: GatewayResponse): TrialResponse {
  return { status, headers: textsOf(headers), body }
}

function collect(done: (body: Buffer) => void, destroyed: () => void): BodySink {
  const chunks: Buffer[] = []
  return {
    write: (chunk) => chunks.push(chunk) > 0,
    onDrain: () => undefined,
    end: () => done(Buffer.concat(chunks)),
    destroy: destroyed,
  }
}
