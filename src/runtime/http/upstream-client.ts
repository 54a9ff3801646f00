import { Pool, type Dispatcher } from 'undici'

import { Fields, type RawHeaders } from './fields.ts'

interface UpstreamRequest {
  readonly method: string
  /** Origin form: path and query, encoded. */
  readonly target: string
  readonly headers: readonly string[]
  readonly body: Buffer | null
  /** Until the response begins, and between two pieces of its body. */
  readonly timeoutMs: number
}

type UpstreamFault = 'unavailable' | 'timeout'

/** What becomes of a request; exactly one of `onEnd` and `onFault` is the last call. */
interface UpstreamHandler {
  readonly onStart: (status: number, headers: Fields) => void
  /** False to wait until {@link UpstreamCall.resume}. */
  readonly onData: (chunk: Buffer) => boolean
  readonly onEnd: () => void
  readonly onFault: (fault: UpstreamFault, cause: Error) => void
}

interface UpstreamCall {
  readonly resume: () => void
  /** Gives the request up; no callback follows. */
  readonly abort: () => void
}

/** Connections to one origin. */
export interface UpstreamClient {
  readonly send: (request: UpstreamRequest, handler: UpstreamHandler) => UpstreamCall
  /** Resolves when the requests in flight are done. */
  readonly close: () => Promise<void>
}

const CONNECT_TIMEOUT_MS = 10_000
const MAX_CONNECTIONS = 256

/** Speaks HTTP/1.1 to one origin (`https://host:port`) over reused connections, with undici. */
export function createUpstreamClient(origin: string): UpstreamClient {
  const pool = new Pool(origin, {
    connections: MAX_CONNECTIONS,
    pipelining: 1,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: 0,
    allowH2: false,
  })
  return {
    send: (request, handler) => new Call(pool, request, handler).start(),
    close: () => pool.close(),
  }
}

/** Methods that may be sent again when a reused connection turns out to be closed (RFC 9110 §9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE', 'QUERY'])

class Call implements UpstreamCall, Dispatcher.DispatchHandler {
  readonly #pool: Pool
  readonly #request: UpstreamRequest
  readonly #handler: UpstreamHandler
  readonly #timer: NodeJS.Timeout
  #controller: Dispatcher.DispatchController | undefined
  #attempts = 0
  #started = false
  #over = false

  constructor(pool: Pool, request: UpstreamRequest, handler: UpstreamHandler) {
    this.#pool = pool
    this.#request = request
    this.#handler = handler
    this.#timer = setTimeout(() => this.#expire(), request.timeoutMs)
  }

  start(): this {
    const { method, target, headers, body, timeoutMs } = this.#request
    this.#attempts += 1
    this.#controller = undefined
    const options = { path: target, method, headers: headers as string[], body, bodyTimeout: timeoutMs }
    this.#pool.dispatch(options, this)
    return this
  }

  resume(): void {
    this.#controller?.resume()
  }

  abort(): void {
    this.#over = true
    clearTimeout(this.#timer)
    this.#controller?.abort(new Error('The client has gone'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#over) controller.abort(new Error('The request was given up'))
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    // Interim responses (103) are not for the client of a gateway that buffers none of them.
    if (status < 200 || this.#over) return
    this.#started = true
    clearTimeout(this.#timer)
    this.#handler.onStart(status, Fields.received(rawHeadersOf(controller)))
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#over && !this.#handler.onData(chunk)) controller.pause()
  }

  onResponseEnd(): void {
    if (this.#over) return
    this.#over = true
    this.#handler.onEnd()
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#over) return
    if (this.#mayRepeat(error)) return void this.start()
    this.#fail(isTimeout(error) ? 'timeout' : 'unavailable', error)
  }

  #mayRepeat(error: Error): boolean {
    return !this.#started && this.#attempts === 1 && wasClosed(error) && IDEMPOTENT.has(this.#request.method)
  }

  #expire(): void {
    this.#fail('timeout', new Error(`No response within ${this.#request.timeoutMs} ms`))
    this.#controller?.abort(new Error('The upstream took too long'))
  }

  #fail(fault: UpstreamFault, error: Error): void {
    this.#over = true
    clearTimeout(this.#timer)
    this.#handler.onFault(fault, error)
  }
}

function codeOf(error: Error): string {
  return String((error as NodeJS.ErrnoException).code)
}

function wasClosed(error: Error): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(error))
}

function isTimeout(error: Error): boolean {
  return ['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'ETIMEDOUT'].includes(
    codeOf(error),
  )
}

function rawHeadersOf(controller: Dispatcher.DispatchController): RawHeaders {
  const raw = (controller as { rawHeaders?: unknown }).rawHeaders
  if (!Array.isArray(raw)) throw new TypeError('The HTTP client gave no list of headers')
  return raw.map((field: Buffer | string) => (typeof field === 'string' ? field : field.toString('latin1')))
}
