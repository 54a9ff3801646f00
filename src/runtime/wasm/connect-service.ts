import { fieldLines } from '../http/index.ts'
import type { Exchange } from '../pipeline/index.ts'
import { handshakeFault, Relay } from '../websocket/index.ts'
import type { CallState } from './call-state.ts'
import type { ClientHandshake, OpenedService } from './plugin-services.ts'

/** Those of `ws-upstream`. */
const LIMITS = { idleTimeoutMs: 300_000, maxLifetimeMs: 86_400_000 }

/** What of the client's request is about the WebSocket alone (RFC 6455 §4.1). */
const HANDSHAKE = [
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-protocol',
  'sec-websocket-extensions',
]
/** What the engine and the service say of the connection. */
const OF_THE_CONNECTION = new Set(['connection', 'upgrade', 'content-length', 'transfer-encoding'])

/** How the client asks for a WebSocket; undefined where it does not, or not as RFC 6455 §4.2.1 wants it. */
function clientHandshake(exchange: Exchange): ClientHandshake | undefined {
  const { headers } = exchange.request
  if (!exchange.offers('websocket') || handshakeFault(headers) !== undefined) return undefined
  const pairs = HANDSHAKE.flatMap((name) => headers.values(name).flatMap((value) => [name, value]))
  return { key: headers.get('sec-websocket-key') as string, lines: fieldLines(pairs) }
}

/** Lets a plugin open a service for the client of an exchange; without a relay, it ends with the exchange. */
export function offerConnection(exchange: Exchange, state: CallState): void {
  state.handshake = clientHandshake(exchange)
  if (state.handshake === undefined) return
  exchange.onClose(() => {
    state.isAbandoned = true
    state.opened?.service.destroy()
  })
}

/**
 * Gives the client the service that a plugin has opened, with the service's answer and what the plugin adds to it.
 *
 * @throws {TypeError} for headers that HTTP does not allow
 */
export function connectService(
  exchange: Exchange,
  { headers, service, watch }: OpenedService,
  added: Readonly<Record<string, string>>,
): void {
  let relay: Relay | undefined
  for (const [name, value] of Object.entries(added)) {
    if (OF_THE_CONNECTION.has(name) || name.startsWith('sec-websocket-')) continue
    headers.set(name, value)
  }
  exchange.upgrade(headers, {
    protocol: 'websocket',
    onShutdown: () => relay?.close(),
    onOpen: (client) => {
      relay = new Relay(client, service, { limits: LIMITS, watch, onEnd: () => undefined })
    },
  })
}
