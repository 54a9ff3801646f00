import type { JsonObject, JsonSchema, ResponseContent, ResponseDescription } from '../../domain/index.ts'
import type { Fields } from '../http/index.ts'
import { acceptBody, isUnicode, jsonCheck, type BodyCheck } from './body.ts'
import { decodeContent, isKnownCoding } from './decode-content.ts'
import { covers, essenceOf, isJsonType } from './media-type.ts'
import { parameterChecks, type ParameterCheck } from './parameters.ts'
import type { RequestFault } from './request-fault.ts'
import type { Validators } from './validators.ts'

/** One thing in which an answer differs from its description. */
export interface ResponseFault extends JsonObject {
  /** `/status`, `/header/etag`, `/header/content-type`, `/body/items/0/name`. */
  readonly pointer: string
  readonly in: RequestFault['in'] | 'status'
  readonly reason: string
}

/** What the status and the header fields of an answer say. */
export interface HeadVerdict {
  readonly faults: readonly ResponseFault[]
  /** The check of the body; null where it may be anything, `unreadable` where it cannot be checked. */
  readonly body: ResponseBodyCheck | null | 'unreadable'
}

/** The faults of a body as it was sent; null where it is too long to be decoded. */
export type ResponseBodyCheck = (body: Buffer) => readonly ResponseFault[] | null

/** Compares the answers of one operation with what its description says of them. */
export interface ResponseValidator {
  /** `hasBody` is false in the answer to HEAD, which describes a body that it does not have. */
  readonly head: (status: number, headers: Fields, hasBody: boolean) => HeadVerdict
}

interface Plan {
  readonly schemas: readonly JsonSchema[]
  readonly validators: Validators
}

/** What one status may come with, made at the first answer that has it. */
interface Expectation {
  readonly headers: readonly ParameterCheck[]
  readonly content: readonly { readonly range: string; readonly json: BodyCheck }[] | null
}

const NO_SOURCE = { captures: [], query: '', queryPairs: [], cookiePairs: [] } as const

/**
 * Prepares the comparison; `responses` are those of the plan, the most specific status first. A body that is longer than
 * the limit without its content coding is not checked.
 */
export function createResponseValidator(
  responses: readonly ResponseDescription[],
  plan: Plan,
  maxBodyBytes: number,
): ResponseValidator {
  const expectations = new Map<ResponseDescription, Expectation>()
  const expectationOf = (response: ResponseDescription): Expectation => {
    const known = expectations.get(response) ?? expect(response, plan)
    expectations.set(response, known)
    return known
  }
  return {
    head: (status, headers, hasBody) => {
      const described = responses.find((response) => isFor(response, status))
      if (described === undefined) {
        return {
          faults: [{ pointer: '/status', in: 'status', reason: `${status} is not declared` }],
          body: null,
        }
      }
      const { headers: checks, content } = expectationOf(described)
      const faults = checks.flatMap((check) => check({ ...NO_SOURCE, headers }))
      if (content === null || !hasBody || isBodiless(status)) return { faults, body: null }
      const body = bodyCheckOf(headers, content, maxBodyBytes)
      return typeof body === 'object' && body !== null
        ? { faults: [...faults, body], body: null }
        : { faults, body }
    },
  }
}

function isFor({ status: declared }: ResponseDescription, status: number): boolean {
  return declared === 'default' || declared === String(status) || declared === `${String(status)[0]}XX`
}

/** RFC 9110 §6.4.1. */
function isBodiless(status: number): boolean {
  return status === 204 || status === 304
}

function expect({ headers, content }: ResponseDescription, plan: Plan): Expectation {
  const contents = content?.map(({ media_range: range, schema }: ResponseContent) => {
    return { range, json: schema === null ? acceptBody : jsonCheck(schema, plan) }
  })
  return { headers: parameterChecks(headers, [], plan), content: contents ?? null }
}

/** The check of a body by its Content-Type, or the fault of that. */
function bodyCheckOf(
  headers: Fields,
  content: NonNullable<Expectation['content']>,
  maxBytes: number,
): ResponseBodyCheck | ResponseFault | null | 'unreadable' {
  const contentType = headers.get('content-type')
  if (contentType === undefined) return content.length === 0 ? null : typeFault('is missing')
  const essence = essenceOf(contentType)
  if (essence === undefined) return typeFault('is not a media type')
  const found = content.find(({ range }) => covers(range, essence))
  if (found === undefined) return typeFault(`${essence} is not declared`)
  if (!isJsonType(essence) || found.json === acceptBody) return null
  const coding = headers.get('content-encoding')?.toLowerCase() ?? 'identity'
  if (!isKnownCoding(coding) || !isUnicode(contentType)) return 'unreadable'
  const { json } = found
  return coding === 'identity'
    ? json
    : (body) => checkDecoded(decodeContent(body, coding, maxBytes), coding, json)
}

function checkDecoded(decoded: ReturnType<typeof decodeContent>, coding: string, check: BodyCheck) {
  if (decoded === 'too-large') return null
  return decoded === 'malformed'
    ? [{ pointer: '/body', in: 'body' as const, reason: `is not what ${coding} makes` }]
    : check(decoded)
}

function typeFault(reason: string): ResponseFault {
  return { pointer: '/header/content-type', in: 'header', reason }
}
