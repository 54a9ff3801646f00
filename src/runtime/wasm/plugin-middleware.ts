import type { Exchange, GatewayResponse, Handler, Middleware } from '../pipeline/index.ts'
import { callPlugin, dropKept, type KeptState } from './call-plugin.ts'
import { CallState } from './call-state.ts'
import { applyHeaders, readDecision, readResponse, requestMessage, type RequestMessage } from './message.ts'
import type { RunningPlugin } from './running-plugin.ts'
import { textsOf } from './services/plugin-http.ts'

const EMPTY = Buffer.alloc(0)

/** Runs a plugin's `on_request` before what follows and, where it has one, its `on_response` after it. */
export function pluginMiddleware(plugin: RunningPlugin, captureNames: readonly string[]): Middleware {
  return (next) => (exchange) => {
    if (!plugin.bodyAccess || !exchange.request.hasBody)
      return onRequest(plugin, { exchange, captureNames, next }, exchange.body)
    exchange.readBody((body) => onRequest(plugin, { exchange, captureNames, next }, body))
  }
}

interface Step {
  readonly exchange: Exchange
  readonly captureNames: readonly string[]
  readonly next: Handler
}

function onRequest(plugin: RunningPlugin, { exchange, captureNames, next }: Step, body: Buffer | null): void {
  const { pool } = plugin
  const state = new CallState(exchange.context, plugin.bodyAccess ? body : null)
  const message = requestMessage(exchange, captureNames)
  const keeps = pool.has('on_response')
  callPlugin(
    pool,
    { entry: 'on_request', json: JSON.stringify(message), state, keeps },
    ({ code, kept }) =>
      exchange.attempt(() => {
        const decision = decide(plugin, () => readDecision(code, state.output))
        if (decision.kind === 'respond') {
          dropKept(pool, kept)
          const { status, headers } = decision.response
          return exchange.send(status, Object.entries(headers).flat(), state.outputBody ?? null)
        }
        if (decision.request !== undefined) {
          const { request } = decision
          decide(plugin, () => applyRequest(exchange, message, request))
        }
        if (plugin.bodyAccess && state.outputBody !== undefined) exchange.body = state.outputBody ?? EMPTY
        if (kept !== undefined) watchResponse(plugin, exchange, kept)
        next(exchange)
      }),
    (error) => exchange.fail(plugin.failure(error)),
  )
}

function applyRequest(
  exchange: Exchange,
  before: RequestMessage,
  { path, query, headers }: Readonly<Record<string, unknown>>,
): void {
  if (typeof path === 'string') exchange.path = path
  if (typeof query === 'string' || query === null) exchange.query = query ?? ''
  if (headers !== undefined) applyHeaders(exchange.request.headers, before.headers, headers as never)
}

function watchResponse(plugin: RunningPlugin, exchange: Exchange, kept: KeptState): void {
  let isUsed = false
  exchange.onResponse(
    (response, next) => {
      isUsed = true
      onResponse(plugin, { exchange, response, kept }, next)
    },
    plugin.bodyAccess ? exchange.scope.maxBodyBytes : undefined,
  )
  exchange.onClose(() => {
    if (!isUsed) dropKept(plugin.pool, kept)
  })
}

interface Answering {
  readonly exchange: Exchange
  readonly response: GatewayResponse
  readonly kept: KeptState
}

/** A plugin that fails over a response is logged, and the response passes as it was. */
function onResponse(plugin: RunningPlugin, { exchange, response, kept }: Answering, next: () => void): void {
  const headers = textsOf(response.headers)
  const state = new CallState(exchange.context, plugin.bodyAccess ? response.body : null)
  const passOn = (error: Error) => {
    plugin.log('error', 'a plugin failed over a response', {
      reason: plugin.failure(error).message,
      request_id: exchange.requestId,
    })
    exchange.attempt(next)
  }
  callPlugin(
    plugin.pool,
    { entry: 'on_response', json: JSON.stringify({ status: response.status, headers }), state, from: kept },
    () => {
      try {
        if (state.output !== undefined) {
          const changed = readResponse(state.output)
          applyHeaders(response.headers, headers, { ...changed.headers })
          if (changed.status !== 0) response.status = changed.status
        }
        if (plugin.bodyAccess && state.outputBody !== undefined) response.body = state.outputBody ?? EMPTY
      } catch (error) {
        return passOn(error as Error)
      }
      exchange.attempt(next)
    },
    passOn,
  )
}

/** Names the plugin in what is wrong with its output. */
function decide<T>(plugin: RunningPlugin, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw plugin.failure(error as Error)
  }
}
