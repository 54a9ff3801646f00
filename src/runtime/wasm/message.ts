import { isObject, type JsonObject, type JsonValue } from '../../domain/index.ts'
import type { Fields } from '../http/index.ts'
import type { Exchange } from '../pipeline/index.ts'
import { PluginFault } from './plugin-fault.ts'
import { textsOf } from './services/plugin-http.ts'

type Texts = Readonly<Record<string, string>>

/** A request as plugins see it. */
export interface RequestMessage {
  readonly method: string
  readonly path: string
  readonly query: string | null
  readonly headers: Texts
  readonly client_ip: string
  readonly path_params: Texts
}

export const SWITCHING_PROTOCOLS = 101

/** A response as plugins see it, and as they give one. */
export interface ResponseMessage {
  readonly status: number
  readonly headers: Texts
}

/** The request of an exchange as it stands now. */
export function requestMessage(exchange: Exchange, captureNames: readonly string[]): RequestMessage {
  const { request, path, query, captures, clientAddress } = exchange
  return {
    method: request.method,
    path,
    query: query === '' ? null : query,
    headers: textsOf(request.headers),
    client_ip: clientAddress,
    path_params: Object.fromEntries(
      captureNames.map((name, index) => [name, decodeURIComponent(captures[index] ?? '')]),
    ),
  }
}

/** What a middleware decided about a request. */
export type Decision =
  | { readonly kind: 'continue'; readonly request: JsonObject | undefined }
  | { readonly kind: 'respond'; readonly response: ResponseMessage }

/**
 * Reads the result of `on_request`: `{action, data}` decides with the code; JSON without an action is the message that
 * the code calls for; nothing at all goes on as it was.
 *
 * @throws {PluginFault} where it is none of these
 */
export function readDecision(code: number, output: Buffer | undefined): Decision {
  if (output === undefined) {
    if (code === 0) return { kind: 'continue', request: undefined }
    throw new PluginFault('output', `it answers by itself (code ${code}) and gives no response`)
  }
  const value = parseObject(output)
  const action = value['action']
  const data = typeof action === 'number' && isObject(value['data']) ? value['data'] : value
  const answers = code !== 0 || (typeof action === 'number' && action !== 0)
  return answers ? { kind: 'respond', response: toResponse(data) } : { kind: 'continue', request: data }
}

/**
 * Reads the result of `on_response` and `dispatch`.
 *
 * @param mayUpgrade a status of 101 is one
 * @throws {PluginFault} where it is no response
 */
export function readResponse(output: Buffer | undefined, mayUpgrade = false): ResponseMessage {
  if (output === undefined) throw new PluginFault('output', 'it gives no response')
  return toResponse(parseObject(output), mayUpgrade)
}

function toResponse({ status, headers = {} }: JsonObject, mayUpgrade = false): ResponseMessage {
  const isStatus =
    status === 0 ||
    (status === SWITCHING_PROTOCOLS && mayUpgrade) ||
    (Number.isInteger(status) && Number(status) >= 200 && Number(status) <= 599)
  if (!isStatus) throw new PluginFault('output', `its response has the status ${JSON.stringify(status)}`)
  return { status: Number(status), headers: toTexts(headers) }
}

/** Changes fields to what a plugin gave back: what it left alone stays as it came, repetitions too. */
export function applyHeaders(fields: Fields, before: Texts, after: JsonValue | undefined): void {
  const texts = toTexts(after ?? {})
  for (const name of Object.keys(before)) if (!Object.hasOwn(texts, name)) fields.remove(name)
  for (const [name, value] of Object.entries(texts)) {
    if (!Object.hasOwn(before, name) || before[name] !== value) fields.set(name, value)
  }
}

function toTexts(headers: JsonValue): Texts {
  if (!isObject(headers)) throw new PluginFault('output', 'its headers are no object')
  const entries = Object.entries(headers).map(([name, value]) => {
    if (typeof value !== 'string') throw new PluginFault('output', `its header ${name} is no text`)
    return [name.toLowerCase(), value]
  })
  return Object.fromEntries(entries) as Texts
}

function parseObject(output: Buffer): JsonObject {
  try {
    const value = JSON.parse(output.toString('utf8')) as JsonValue
    if (isObject(value)) return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new PluginFault('output', 'its output is no JSON object')
}
