import type { BodySink, Fields } from '../http/index.ts'
import type { Exchange, Handler } from '../pipeline/index.ts'
import { callPlugin } from './call-plugin.ts'
import { CallState } from './call-state.ts'
import { connectService, offerConnection } from './connect-service.ts'
import { readResponse, requestMessage, SWITCHING_PROTOCOLS } from './message.ts'
import { PluginFault } from './plugin-fault.ts'
import type { RunningPlugin } from './running-plugin.ts'

/** The status by which a dispatcher says that its answer has been streamed already. */
const STREAMED = 0

/** Answers requests by a plugin's `dispatch`. */
export function pluginDispatcher(plugin: RunningPlugin, captureNames: readonly string[]): Handler {
  return (exchange) => exchange.readBody((body) => dispatch(plugin, { exchange, captureNames, body }))
}

interface Dispatching {
  readonly exchange: Exchange
  readonly captureNames: readonly string[]
  readonly body: Buffer
}

function dispatch(plugin: RunningPlugin, { exchange, captureNames, body }: Dispatching): void {
  const hasBody = exchange.request.hasBody || body.byteLength > 0
  const state = new CallState(exchange.context, hasBody ? body : null)
  let isStreamed = false
  state.relay = (status: number, headers: Fields): BodySink => {
    isStreamed = true
    return exchange.stream(status, headers)
  }
  offerConnection(exchange, state)
  callPlugin(
    plugin.pool,
    { entry: 'dispatch', json: JSON.stringify(requestMessage(exchange, captureNames)), state },
    () =>
      exchange.attempt(() => {
        // What has begun cannot be taken back, whatever the plugin says now.
        if (isStreamed) return
        const { status, headers } = answerOf(plugin, state)
        if (status === SWITCHING_PROTOCOLS && state.opened !== undefined)
          return connectService(exchange, state.opened, headers)
        exchange.send(status, Object.entries(headers).flat(), state.outputBody ?? null)
      }),
    (error) => exchange.fail(plugin.failure(error)),
  )
}

function answerOf(plugin: RunningPlugin, { output, opened }: CallState) {
  try {
    const response = readResponse(output, opened !== undefined)
    if (response.status !== STREAMED) return response
    throw new PluginFault('output', 'it says that it has streamed its answer, and has not')
  } catch (error) {
    throw plugin.failure(error as Error)
  }
}
