import type { JsonSchema, Route } from '../../domain/index.ts'
import type { GatewayRequest } from '../http/index.ts'
import { acceptBody, bodyRule, missingBody, type BodyCheck, type BodyRule } from './body.ts'
import { MalformedEscape } from './decode-text.ts'
import { parameterChecks, type ParameterCheck } from './parameters.ts'
import { splitCookies, splitQuery, type RawPair } from './raw-pairs.ts'
import type { RequestFault } from './request-fault.ts'
import type { Validators } from './validators.ts'

/** A body and its check; null where there is none, `unread` where it may be anything. */
export type CheckedBody = { readonly bytes: Buffer; readonly check: BodyCheck } | null | 'unread'

/** Validates the requests of one operation. */
export interface RequestValidator {
  /**
   * The check of the request's body by its headers; null where there is nothing to check, so that nobody has to read it;
   * a text says why its media type is not supported.
   */
  readonly bodyCheck: (request: GatewayRequest) => BodyCheck | string | null
  /** Every fault of the parameters and the body. */
  readonly check: (
    request: GatewayRequest,
    captures: readonly string[],
    body: CheckedBody,
  ) => readonly RequestFault[]
}

const NO_PAIRS: readonly RawPair[] = []

/** Prepares the validation of a route; `captureNames` are the template's parameters from left to right. */
export function createRequestValidator(
  route: Pick<Route, 'parameters' | 'body'>,
  captureNames: readonly string[],
  plan: { readonly schemas: readonly JsonSchema[]; readonly validators: Validators },
): RequestValidator {
  const usesQuery = route.parameters.some((parameter) => parameter.in === 'query')
  const usesCookies = route.parameters.some((parameter) => parameter.in === 'cookie')
  // Shapes and readers are made at the first request of the operation: most operations of a big API are never asked.
  let checks: readonly ParameterCheck[] | undefined
  let rule: BodyRule | undefined
  return {
    bodyCheck: (request) => {
      if (route.body === null) return null
      const check = (rule ??= bodyRule(route.body, plan))(request.headers)
      // Of a body without an announced length nobody knows whether it is there before it is read.
      const mustRead = route.body.required && request.contentLength === -1
      return check === acceptBody && !mustRead ? null : check
    },
    check: (request, captures, body) => {
      checks ??= parameterChecks(route.parameters, captureNames, plan)
      const faults: RequestFault[] = []
      const source = {
        captures,
        query: request.query,
        queryPairs: usesQuery ? queryPairs(request.query, faults) : NO_PAIRS,
        cookiePairs: usesCookies ? splitCookies(request.headers.values('cookie')) : NO_PAIRS,
        headers: request.headers,
      }
      for (const check of checks) {
        const found = check(source)
        if (found.length > 0) faults.push(...found)
      }
      if (body === 'unread') return faults
      if (body === null || body.bytes.byteLength === 0) {
        if (route.body !== null) faults.push(...missingBody(route.body))
      } else faults.push(...body.check(body.bytes))
      return faults
    },
  }
}

function queryPairs(query: string, faults: RequestFault[]): readonly RawPair[] {
  try {
    return splitQuery(query)
  } catch (error) {
    if (!(error instanceof MalformedEscape)) throw error
    faults.push({ pointer: '/query', in: 'query', reason: 'has a name with a malformed percent-escape' })
    return NO_PAIRS
  }
}
