import type { Upstreams, UpgradingUpstream } from '../../dispatchers/index.ts'
import { isAccepted } from '../../websocket/index.ts'
import type { ClientHandshake, OpenedService, PluginUpgradeRequest } from '../plugin-services.ts'
import { destinationCheck, type DestinationOptions } from './destination.ts'
import { headerLines } from './header-lines.ts'

/** Connects a client that wants a WebSocket to a service that a plugin chooses; a text says why it could not. */
export type PluginUpgrade = (
  request: PluginUpgradeRequest,
  handshake: ClientHandshake,
) => Promise<OpenedService | string>

/**
 * The handshake of the client goes to the service as it is, so that its answer fits the client, too (RFC 6455 §4.2.2).
 */
export function createPluginUpgrade({
  upstreams,
  ...allowed
}: DestinationOptions & { readonly upstreams: Upstreams }): PluginUpgrade {
  const known = new Map<string, UpgradingUpstream>()
  const destinationFault = destinationCheck(allowed)
  const upstreamOf = (origin: string, connectTimeoutMs: number): UpgradingUpstream => {
    const key = `${origin} ${connectTimeoutMs}`
    const upstream = known.get(key) ?? upstreams.upgrading(origin, { connectTimeoutMs })
    // A plugin may make up times; a client that is forgotten keeps nothing open.
    if (known.size >= MAX_CLIENTS) known.clear()
    known.set(key, upstream)
    return upstream
  }
  return (request, handshake) => {
    const url = URL.parse(request.url.replace(/^ws(?=s?:)/i, 'http'))
    const fault = url === null ? 'it is no URL' : destinationFault(url)
    if (url === null || fault !== undefined) return Promise.resolve(fault ?? '')
    const chosen = Object.entries(request.headers).filter(([name]) => !/^sec-websocket-/i.test(name))
    const lines = headerLines(Object.fromEntries(chosen))
    if (lines === undefined) return Promise.resolve('its headers are not allowed in HTTP')
    const upstream = upstreamOf(url.origin, request.connectTimeoutMs)
    const target = url.pathname + url.search
    return open(upstream, { target, lines, handshake, timeoutMs: request.connectTimeoutMs })
  }
}

const MAX_CLIENTS = 256

interface Opening {
  /** Path and query, encoded. */
  readonly target: string
  readonly lines: string
  readonly handshake: ClientHandshake
  readonly timeoutMs: number
}

function open(
  { client, metrics, watch }: UpgradingUpstream,
  { target, lines, handshake, timeoutMs }: Opening,
): Promise<OpenedService | string> {
  const all = `${lines}${handshake.lines}connection: Upgrade\r\nupgrade: websocket\r\n`
  return new Promise((resolve) => {
    const call = client.send(
      { method: 'GET', target, lines: all, body: null, timeoutMs },
      {
        onUpgrade: (headers, service) => {
          service.on('error', () => service.destroy())
          if (isAccepted(headers, handshake.key)) return resolve({ headers, service, watch })
          service.destroy()
          resolve('the service has accepted something else than it was asked')
        },
        onStart: (status) => {
          call.abort()
          resolve(`the service answers ${status}`)
        },
        onData: () => true,
        onEnd: () => undefined,
        onFault: (fault, cause) => {
          metrics.failed(fault)
          resolve(cause.message)
        },
      },
    )
  })
}
