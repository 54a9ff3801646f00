import type { JsonObject } from '../../domain/index.ts'

interface ErrorKind {
  readonly status: number
  readonly title: string
}

/** The errors of the gateway (docs/reference/http-errors.md); the type URI is `urn:barbacane:error:<kind>`. */
const errorKinds = {
  'bad-request': { status: 400, title: 'The request is malformed' },
  'validation-failed': { status: 400, title: 'The request does not fit the description of the API' },
  unauthorized: { status: 401, title: 'Who sends the request is not known' },
  forbidden: { status: 403, title: 'This request is not allowed' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'This method is not allowed here' },
  'not-acceptable': { status: 406, title: 'The answer has no media type that the client takes' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'payload-too-large': { status: 413, title: 'The request body is too large' },
  'uri-too-long': { status: 414, title: 'The request target is too long' },
  'unsupported-media-type': { status: 415, title: 'The request body has an unsupported media type' },
  'expectation-failed': { status: 417, title: 'The expectation of the request is not known' },
  'upgrade-required': { status: 426, title: 'This path is for WebSocket' },
  'headers-too-large': { status: 431, title: 'The request headers are too large' },
  'rate-limited': { status: 429, title: 'There were too many requests' },
  'internal-error': { status: 500, title: 'The gateway failed' },
  'upstream-refused': {
    status: 502,
    title: 'The service behind the gateway has an address that the gateway does not connect to',
  },
  overloaded: { status: 503, title: 'The gateway is busy' },
  'configuration-retired': {
    status: 503,
    title: 'The request has outlasted the configuration that it began with',
  },
  'authentication-unavailable': {
    status: 503,
    title: 'The keys that tokens are checked by cannot be fetched',
  },
  'circuit-open': {
    status: 503,
    title: 'The service behind the gateway fails and is left alone for a while',
  },
  'upstream-down': {
    status: 503,
    title: 'All services behind the gateway that could answer are down',
  },
  'upstream-unavailable': { status: 502, title: 'The service behind the gateway cannot be reached' },
  'upstream-response-too-large': {
    status: 502,
    title: 'The answer of the service is larger than the gateway may inspect',
  },
  'upstream-response-invalid': {
    status: 502,
    title: 'The answer of the service does not fit the description of the API',
  },
  'upstream-timeout': { status: 504, title: 'The service behind the gateway did not answer in time' },
} as const satisfies Record<string, ErrorKind>

export type ErrorKindName = keyof typeof errorKinds

export interface ProblemResponse {
  readonly status: number
  readonly body: Buffer
}

export const PROBLEM_HEADERS = ['content-type', 'application/problem+json'] as const

/** A problem details document (RFC 9457) of one kind, with members beyond type, title and status. */
export function problemResponse(kind: ErrorKindName, members: JsonObject): ProblemResponse {
  const { status, title } = errorKinds[kind]
  const document = { type: `urn:barbacane:error:${kind}`, title, status, ...members }
  return { status, body: Buffer.from(JSON.stringify(document)) }
}

const prebuilt = new Map(
  (Object.keys(errorKinds) as ErrorKindName[]).map((kind) => [kind, problemResponse(kind, {})]),
)

/** The document of a kind without further members, made once. */
export function plainProblem(kind: ErrorKindName): ProblemResponse {
  return prebuilt.get(kind) as ProblemResponse
}
