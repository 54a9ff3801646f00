import type { JsonObject } from '../../domain/index.ts'
import { problemResponse, PROBLEM_HEADERS, type ErrorKindName, type RawHeaders } from '../http/index.ts'
import type { Exchange } from '../pipeline/exchange.ts'

/** Answers with a problem whose bytes are made once, and header fields of the moment. */
export type Refusal = (exchange: Exchange, headers?: RawHeaders) => void

/** A refusal; a `status` among the members replaces the one of the kind. */
export function refusalOf(kind: ErrorKindName, members: JsonObject, fields: RawHeaders = []): Refusal {
  const { status, body } = problemResponse(kind, members)
  const answered = typeof members['status'] === 'number' ? members['status'] : status
  const fixed = [...PROBLEM_HEADERS, ...fields]
  return (exchange, headers) => {
    exchange.send(answered, headers === undefined ? fixed : [...fixed, ...headers], body)
  }
}
