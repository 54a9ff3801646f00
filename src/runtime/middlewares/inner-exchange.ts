import { Fields, type BodySink, type GatewayRequest, type Reply } from '../http/index.ts'
import { Exchange } from '../pipeline/index.ts'

/** Takes the answer of a service: its head, then its body. */
export interface AnswerReader {
  /** What takes the body, or null to let it go. */
  readonly onHead: (status: number, headers: Fields) => BodySink | null
  /** The exchange is over, whether or not there was an answer. */
  readonly onEnd: () => void
}

const EMPTY = Buffer.alloc(0)

/**
 * An exchange of the gateway's own about what a client asks for: the rest of the chain answers it, and the reader gets
 * the answer. The returned function ends it early.
 */
export function innerExchange(
  outer: Exchange,
  headers: Fields,
  reader: AnswerReader,
): { readonly exchange: Exchange; readonly abort: () => void } {
  const listeners: ((complete: boolean) => void)[] = []
  let isOver = false
  const close = (complete: boolean) => {
    if (isOver) return
    isOver = true
    for (const listener of listeners) listener(complete)
    reader.onEnd()
  }
  let answered: Fields | undefined
  const begin = (status: number) => reader.onHead(status, answered ?? Fields.of([]))
  const reply: Reply = {
    send: ({ status }, body) => {
      if (body !== null) answered?.set('content-length', String(body.byteLength))
      const sink = begin(status)
      if (body !== null && body.byteLength > 0) sink?.write(body)
      sink?.end()
      close(true)
    },
    stream: ({ status }) => watched(begin(status), close),
    onClose: (listener) => void listeners.push(listener),
  }
  const { method, path, query, remoteAddress, scheme, version } = outer.request
  const request: GatewayRequest = {
    method,
    path,
    query,
    headers,
    hasBody: outer.body !== null && outer.body.byteLength > 0,
    contentLength: outer.body === null ? -1 : outer.body.byteLength,
    remoteAddress,
    scheme,
    version,
    readBody: (_, done) => done(outer.body ?? EMPTY),
    streamBody: (_, { onData, onEnd }) => {
      if (outer.body !== null) onData(outer.body)
      onEnd('')
      return { resume: () => undefined }
    },
  }
  const exchange = new Exchange(request, reply, outer.requestId, outer.scope)
  exchange.clientAddress = outer.clientAddress
  exchange.maxBodyBytes = outer.maxBodyBytes
  exchange.path = outer.path
  exchange.body = outer.body
  exchange.query = outer.query
  exchange.captures = outer.captures
  exchange.template = outer.template
  exchange.claims = outer.claims
  for (const [name, value] of outer.context) exchange.context.set(name, value)
  exchange.onResponse((response, done) => {
    answered = response.headers
    done()
  })
  exchange.takeStage(outer)
  return { exchange, abort: () => close(false) }
}

/** A sink that also says when the body is over. */
function watched(sink: BodySink | null, close: (complete: boolean) => void): BodySink {
  return {
    write: (chunk) => sink?.write(chunk) ?? true,
    onDrain: (listener) => sink?.onDrain(listener),
    end: () => {
      sink?.end()
      close(true)
    },
    destroy: () => {
      sink?.destroy()
      close(false)
    },
  }
}
