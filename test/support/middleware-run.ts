import { builtins, type JsonObject } from '../../src/domain/index.ts'
import { Fields } from '../../src/runtime/http/index.ts'
import type { BodyFault, BodySink, ResponseHead } from '../../src/runtime/http/port.ts'
import { composeChain } from '../../src/runtime/middlewares/chain.ts'
import { createMiddlewares } from '../../src/runtime/middlewares/create-middlewares.ts'
import {
  createMiddlewareState,
  type MiddlewareState,
  type Outbound,
} from '../../src/runtime/middlewares/index.ts'
import type { BuiltMiddleware, MiddlewareContext } from '../../src/runtime/middlewares/middleware.ts'
import { Exchange, type Handler } from '../../src/runtime/pipeline/index.ts'
import type { RuntimeHost } from '../../src/runtime/runtime-host.ts'
import { createGatewayMetrics, createLogger, type GatewayMetrics } from '../../src/runtime/telemetry/index.ts'
import { fakeRuntimeHost } from './fake-runtime-host.ts'

/** What a test sends through middlewares. */
export interface Sent {
  readonly method?: string
  /** With the query. */
  readonly target?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string
  readonly remoteAddress?: string
  readonly captures?: readonly string[]
  readonly claims?: JsonObject
  readonly context?: ReadonlyMap<string, string>
}

/** What came back, and what went on to the service; null where nothing did. */
export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly json: () => Record<string, unknown>
  readonly passed: Passed | null
}

export interface Passed {
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly context: ReadonlyMap<string, string>
}

export interface BenchOptions {
  readonly captureNames?: readonly string[]
  readonly outbound?: Partial<Outbound>
  readonly host?: Partial<RuntimeHost>
  readonly state?: MiddlewareState
  readonly maxBodyBytes?: number
  readonly cacheBytes?: number
  /** Answers instead of a service that says `ok`. */
  readonly service?: Handler
}

/** Runs requests through middlewares without a socket. */
export interface MiddlewareBench {
  readonly send: (request?: Sent) => Promise<Answered>
  readonly handler: Handler
  readonly middlewares: readonly BuiltMiddleware[]
  /** Moves both clocks. */
  readonly pass: (milliseconds: number) => void
  /** Lines of the log, which are written at the end of a turn of the event loop. */
  readonly logged: () => Promise<readonly Record<string, unknown>[]>
  readonly metrics: GatewayMetrics
}

const ok: Handler = (exchange) => exchange.send(200, ['content-type', 'text/plain'], Buffer.from('ok'))

/** Middlewares with their configurations, the first one outermost. */
export function middlewareBench(
  chain: readonly (readonly [name: string, config: JsonObject])[],
  options: BenchOptions = {},
): MiddlewareBench {
  let nowMs = 1_800_000_000_000
  const lines: string[] = []
  const host = {
    ...fakeRuntimeHost({}, (text) => void lines.push(text)),
    nowMs: () => nowMs,
    monotonicMs: () => nowMs - 1_700_000_000_000,
    ...options.host,
  }
  const metrics = createGatewayMetrics(
    { activeConnections: () => 0, targets: () => [], build: () => ({ artifact_hash: '', version: '' }) },
    host,
  )
  const context: MiddlewareContext = {
    host,
    metrics,
    log: createLogger({
      level: 'debug',
      format: 'json',
      nowMs: host.nowMs,
      write: host.writeLog,
    }),
    captureNames: options.captureNames ?? [],
    state: options.state ?? createMiddlewareState(),
    outbound: {
      fetchJson: refuse,
      deliver: refuse,
      prepare: async () => undefined,
      close: async () => undefined,
      ...options.outbound,
    },
    maxBodyBytes: options.maxBodyBytes ?? 1_000_000,
  }
  const create = createMiddlewares(options.cacheBytes ?? 1_000_000)
  for (const [name] of chain) if (!builtins.has(name)) throw new Error(`${name} is not built in`)
  const middlewares = chain.map(([name, config]) => create({ route: 'GET /', name, config }, context))
  let passed: Passed | null = null
  const service: Handler = (exchange) => {
    passed = {
      path: exchange.path,
      query: exchange.query,
      headers: Object.fromEntries(pairs(exchange.request.headers)),
      body: exchange.body === null ? null : exchange.body.toString(),
      context: exchange.context,
    }
    ;(options.service ?? ok)(exchange)
  }
  const handler = composeChain(middlewares)(service)
  return {
    handler,
    middlewares,
    metrics,
    pass: (milliseconds) => (nowMs += milliseconds),
    logged: async () => {
      await new Promise(setImmediate)
      const texts = lines
        .join('')
        .split('\n')
        .filter((line) => line !== '')
      return texts.map((line) => JSON.parse(line) as Record<string, unknown>)
    },
    send: (request = {}) => {
      passed = null
      return answerOf(handler, request, { maxBodyBytes: context.maxBodyBytes, passed: () => passed })
    },
  }
}

async function refuse(): Promise<never> {
  throw new Error('nothing is sent in this test')
}

/** Sends one request to a handler. */
export function answerOf(
  handler: Handler,
  request: Sent,
  { maxBodyBytes, passed }: { readonly maxBodyBytes: number; readonly passed: () => Passed | null },
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const exchange = sampleExchange(request, {
      maxBodyBytes,
      answered: (head, body) => resolve(toAnswer(head, body, passed())),
      failed: reject,
    })
    try {
      handler(exchange)
    } catch (error) {
      reject(error)
    }
  })
}

/** An exchange of a request that is there as a whole. */
export function sampleExchange(
  { method = 'GET', target = '/', headers = {}, body, remoteAddress = '192.0.2.1', ...rest }: Sent,
  outcome: {
    readonly maxBodyBytes: number
    readonly answered: (head: ResponseHead, body: Buffer) => void
    readonly failed: (error: Error) => void
  },
): Exchange {
  const [path = '/', query = ''] = target.split('?')
  const bytes = body === undefined ? null : Buffer.from(body)
  const fields = Object.entries(headers).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).flatMap((one) => [name, one]),
  )
  const closed: ((complete: boolean) => void)[] = []
  const close = () => {
    for (const listener of closed.splice(0)) listener(true)
  }
  const exchange = new Exchange(
    {
      method,
      path,
      query,
      headers: Fields.of(fields),
      hasBody: bytes !== null,
      contentLength: bytes?.byteLength ?? -1,
      remoteAddress,
      scheme: 'http',
      version: '1.1',
      readBody: (limit, done: (outcome: Buffer | BodyFault) => void) =>
        done((bytes?.byteLength ?? 0) > limit ? 'too-large' : (bytes ?? Buffer.alloc(0))),
      streamBody: () => {
        throw new Error('no test streams')
      },
    },
    {
      send: (head, sent) => {
        outcome.answered(head, sent ?? Buffer.alloc(0))
        close()
      },
      stream: (head): BodySink => {
        const chunks: Buffer[] = []
        return {
          write: (chunk) => chunks.push(chunk) > 0,
          onDrain: () => undefined,
          end: () => {
            outcome.answered(head, Buffer.concat(chunks))
            close()
          },
          destroy: () => outcome.failed(new Error('the body ended early')),
        }
      },
      onClose: (listener) => void closed.push(listener),
    },
    'request-1',
    { maxBodyBytes: outcome.maxBodyBytes, fail: (_, error) => outcome.failed(error) },
  )
  exchange.captures = rest.captures ?? []
  exchange.claims = rest.claims
  for (const [key, value] of rest.context ?? []) exchange.context.set(key, value)
  return exchange
}

function toAnswer({ status, lines }: ResponseHead, body: Buffer, passed: Passed | null): Answered {
  const headers: Record<string, string> = {}
  for (const line of lines.split('\r\n').filter((text) => text !== '')) {
    const colon = line.indexOf(': ')
    const name = line.slice(0, colon).toLowerCase()
    const before = headers[name]
    headers[name] = before === undefined ? line.slice(colon + 2) : `${before}, ${line.slice(colon + 2)}`
  }
  const text = body.toString()
  return { status, headers, body: text, json: () => JSON.parse(text) as Record<string, unknown>, passed }
}

function pairs(headers: Fields): [string, string][] {
  const found: [string, string][] = []
  headers.forEach((name, value) => found.push([name.toLowerCase(), value]))
  return found
}
