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
      `"method":"${method}","path":${quoted(path)},"route":${route},"status":${status},` +
      `"duration_ms":${millis(durationMs)},"request_bytes":${requestBytes},` +
      `"response_bytes":${responseBytes},"remote":${quoted(record.remote)},"request_id":${quoted(record.requestId)}`
    if (query !== '') members += `,"query":${quoted(redactQuery(query))}`
    if (record.traceId !== undefined) members += `,"trace_id":"${record.traceId}"`
    if (isDetailed) members += `,"headers":${JSON.stringify(redactHeaders(record.headers))}`
    log.line('request', members)
  }
}

/** What JSON writes as it is (RFC 8259 §7), of the characters that paths, queries and addresses are of. */
const PLAIN = /^[ !#-[\]-~]*$/

/** A text in JSON. */
function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
}

/** To the microsecond, from whole numbers: to write a fraction takes V8 more than twice as long. */
function millis(durationMs: number): string {
  const micros = Math.round(durationMs * 1000)
  const whole = Math.floor(micros / 1000)
  const rest = micros - whole * 1000
  if (rest === 0) return String(whole)
  return `${whole}.${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}`
}

/** Templates are few; what is kept of them is bounded all the same. */
const MAX_ROUTES = 10_000
