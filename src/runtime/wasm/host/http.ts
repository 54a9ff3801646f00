import { isObject, type JsonValue } from '../../../domain/index.ts'
import { PluginFault } from '../plugin-fault.ts'
import type { PluginHttpRequest, PluginUpgradeRequest, Relay } from '../plugin-services.ts'
import type { Guest, HostFunctions } from './guest.ts'

const DEFAULT_TIMEOUT_MS = 30_000
const DEFAULT_CONNECT_TIMEOUT_MS = 5_000
const MAX_TIMEOUT_MS = 300_000
const FAILED = -1

/** Calls of other services. `host_http_call` waits; the plugin's stack is suspended meanwhile. */
export function http(guest: Guest): HostFunctions {
  const exchange = (pointer: number, length: number, relay?: Relay): Promise<number> => {
    const { call } = guest
    if (!call.mayWait) throw new PluginFault('refused', 'it calls other services in init')
    const request = toRequest(guest.json(pointer, length), call.httpBody)
    call.httpBody = null
    if (request === undefined) return Promise.resolve(FAILED)
    return guest.services.http(request, relay).then(({ status, headers, body }) => {
      call.keep('http-body', body)
      return call.keep('http', JSON.stringify({ status, headers, body: null }))
    })
  }
  return {
    host_http_request_body_set: (pointer: number, length: number) => {
      guest.call.httpBody = guest.bytes(pointer, length)
    },
    host_http_call: (pointer: number, length: number) => exchange(pointer, length),
    host_http_stream: (pointer: number, length: number) => {
      const { relay } = guest.call
      return relay === undefined ? Promise.resolve(FAILED) : exchange(pointer, length, relay)
    },
    host_ws_upgrade: (pointer: number, length: number) => upgrade(guest, pointer, length),
    host_http_read_result: (pointer: number, capacity: number) =>
      guest.deliver(guest.call.take('http'), pointer, capacity),
    host_http_response_body_len: (): bigint => {
      guest.spend(0)
      return BigInt(guest.call.lengthOf('http-body') ?? -1)
    },
    host_http_response_body_read: (pointer: number, capacity: number) =>
      guest.deliver(guest.call.take('http-body'), pointer, capacity),
  }
}

/** Connects the client of this call to a service: 0, or −1 where it wants no WebSocket or there is no connection. */
async function upgrade(guest: Guest, pointer: number, length: number): Promise<number> {
  const { call, services } = guest
  const request = toUpgrade(guest.json(pointer, length))
  const { handshake } = call
  if (request === undefined || handshake === undefined) return FAILED
  const opened = await services.upgrade(request, handshake)
  if (typeof opened === 'string') {
    services.log('warn', `a WebSocket that the plugin asked for is not opened: ${opened}`)
    return FAILED
  }
  call.opened?.service.destroy()
  call.opened = opened
  if (!call.isAbandoned) return 0
  opened.service.destroy()
  return FAILED
}

/** `{url, headers?, connect_timeout_ms?}`. */
function toUpgrade(value: unknown): PluginUpgradeRequest | undefined {
  const json = value as JsonValue | undefined
  if (json === undefined || !isObject(json)) return undefined
  const { url, headers, connect_timeout_ms: timeoutMs } = json
  if (typeof url !== 'string') return undefined
  const isTime = typeof timeoutMs === 'number' && timeoutMs > 0
  return {
    url,
    headers: isObject(headers ?? {}) ? textsOf(headers ?? {}) : {},
    connectTimeoutMs: isTime ? Math.min(timeoutMs, MAX_TIMEOUT_MS) : DEFAULT_CONNECT_TIMEOUT_MS,
  }
}

/** `{method, url, headers, timeout_ms?, body? (base64)}`; a body that was set before counts more. */
function toRequest(value: unknown, setBody: Buffer | null): PluginHttpRequest | undefined {
  const json = value as JsonValue | undefined
  if (json === undefined || !isObject(json)) return undefined
  const { method, url, headers, timeout_ms: timeoutMs, body } = json
  if (typeof method !== 'string' || typeof url !== 'string') return undefined
  const inline = typeof body === 'string' ? Buffer.from(body, 'base64') : null
  return {
    method,
    url,
    headers: isObject(headers ?? {}) ? textsOf(headers ?? {}) : {},
    timeoutMs: typeof timeoutMs === 'number' ? Math.min(timeoutMs, MAX_TIMEOUT_MS) : DEFAULT_TIMEOUT_MS,
    body: setBody ?? inline,
  }
}

function textsOf(headers: JsonValue): Readonly<Record<string, string>> {
  const texts = Object.entries(headers as object).filter(([, value]) => typeof value === 'string')
  return Object.fromEntries(texts) as Record<string, string>
}
