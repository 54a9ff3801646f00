import type { Fields } from '../http/index.ts'
import type { Logger } from './logger.ts'
import { redactHeaders, redactQuery } from './redact.ts'

/** What the log says of a request. */
export interface AccessRecord {
  readonly method: string
  readonly path: string
  /** Credentials in it are left out. */
  readonly query: string
  /** The template of the route. */
  readonly route: string
  readonly status: number
  readonly durationMs: number
  readonly requestBytes: number
  readonly responseBytes: number
  readonly remote: string
  readonly requestId: string
  readonly traceId: string | undefined
  /** For `debug`; credentials in them are left out. */
  readonly headers: Fields
}

export type AccessLog = (record: AccessRecord) => void

/** One line a request, put together without an object in between; at the level `debug` with the headers. */
export function createAccessLog(log: Logger): AccessLog {
  const isOn = log.isEnabled('info')
  if (!isOn) return () => undefined
  const isDetailed = log.isEnabled('debug')
  const routes = new Map<string, string>()
  return (record) => {
    const { method, path, query, status, durationMs, requestBytes, responseBytes } = record
    const known = routes.get(record.route)
    const route = known ?? JSON.stringify(record.route)
    if (known === undefined && routes.size < MAX_ROUTES) routes.set(record.route, route)
    let members =
      `"method":"${method}","path":${JSON.stringify(path)},"route":${route},"status":${status},` +
      `"duration_ms":${Math.round(durationMs * 1000) / 1000},"request_bytes":${requestBytes},` +
      `"response_bytes":${responseBytes},"remote":${JSON.stringify(record.remote)},"request_id":${JSON.stringify(record.requestId)}`
    if (query !== '') members += `,"query":${JSON.stringify(redactQuery(query))}`
    if (record.traceId !== undefined) members += `,"trace_id":"${record.traceId}"`
    if (isDetailed) members += `,"headers":${JSON.stringify(redactHeaders(record.headers))}`
    log.line('request', members)
  }
}

/** Templates are few; what is kept of them is bounded all the same. */
const MAX_ROUTES = 10_000
