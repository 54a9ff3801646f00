import { isLoopback } from '../../domain/index.ts'
import { ociProblems as problems } from '../problems.ts'
import { createAuthorizer } from './authorizer.ts'
import { discard, exchange, plainUrl, type HttpAnswer, type HttpRequest } from './http-exchange.ts'
import { apiHost, type ImageReference } from './reference.ts'
import type { RegistryHost, RegistryOptions } from './registry-host.ts'
import { parseRetryAfter, retrying, TransientError } from './retry.ts'

export interface SessionRequest extends Omit<HttpRequest, 'url'> {
  /** An absolute URL, or a path below `/v2/REPOSITORY/`. */
  readonly to: URL | string
  /** What a token must allow, e.g. `pull`; upload sessions and the like have their scope already. */
  readonly action: 'pull' | 'push'
  /** Statuses that are an answer; every other one is a problem. */
  readonly expected: readonly number[]
}

/** Requests to one repository: authenticated, redirected and protected as the rules of the client say. */
export interface RegistrySession {
  readonly reference: Pick<ImageReference, 'registry' | 'repository'>
  readonly host: RegistryHost
  /** One attempt. @throws {TransientError} where another may help. */
  readonly attempt: (request: SessionRequest) => Promise<HttpAnswer>
  /** As many attempts as are sensible. */
  readonly request: (request: SessionRequest) => Promise<HttpAnswer>
  /** Asks for a scope beyond the repository's own, for mounting from another one. */
  readonly requireScope: (scope: string) => void
  /** The `Location` of an answer, resolved against the URL that gave it (RFC 9110 §10.2.2). */
  readonly locationOf: (answer: HttpAnswer) => URL
}

const MAX_REDIRECTS = 5

/** Opens a session; nothing is sent before the first request. */
export function openSession(
  reference: Pick<ImageReference, 'registry' | 'repository'>,
  host: RegistryHost,
  { plainHttp = false }: RegistryOptions,
): RegistrySession {
  const base = baseUrl(reference, plainHttp)
  const isSecure = (url: URL): boolean =>
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && base.protocol === 'http:' && mayBePlain(url, base))
  const authorizer = createAuthorizer({ names: reference, host, isSecure })
  const authorized = async (request: HttpRequest): Promise<HttpAnswer> => {
    const answer = await send(request)
    if (answer.status !== 401 || answer.url.origin !== base.origin) return answer
    await discard(answer)
    return (await authorizer.answer(answer.headers.get('www-authenticate'))) ? send(request) : answer
  }
  const send = (request: HttpRequest): Promise<HttpAnswer> => {
    const header = request.url.origin === base.origin ? authorizer.header() : undefined
    const headers = header === undefined ? request.headers : { ...request.headers, authorization: header }
    return exchange(headers === undefined ? request : { ...request, headers }, host)
  }
  const attempt = async ({ to, action, expected, ...rest }: SessionRequest): Promise<HttpAnswer> => {
    const url = typeof to === 'string' ? new URL(to, base) : to
    if (!isSecure(url)) throw problems.BCN_OCI_INSECURE({ url: plainUrl(url) })
    const answer = await follow({ ...rest, url }, { send: authorized, isSecure })
    if (expected.includes(answer.status)) return answer
    await discard(answer)
    throw refusal(answer, `${action} ${reference.registry}/${reference.repository}`, host)
  }
  return {
    reference,
    host,
    attempt,
    request: (request) => retrying(host, () => attempt(request)),
    requireScope: authorizer.require,
    locationOf: (answer) => locationOf(answer, isSecure),
  }
}

interface Following {
  readonly send: (request: HttpRequest) => Promise<HttpAnswer>
  readonly isSecure: (url: URL) => boolean
}

async function follow(request: HttpRequest, { send, isSecure }: Following): Promise<HttpAnswer> {
  let current = request
  for (let redirects = 0; ; redirects++) {
    const answer = await send(current)
    const repeats = [307, 308].includes(answer.status)
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (!repeats && !(isRead && [301, 302, 303].includes(answer.status))) return answer
    await discard(answer)
    if (redirects === MAX_REDIRECTS) throw strange(answer, `more than ${MAX_REDIRECTS} redirects`)
    current = { ...current, url: locationOf(answer, isSecure) }
  }
}

function locationOf(answer: HttpAnswer, isSecure: (url: URL) => boolean): URL {
  const location = answer.headers.get('location')
  if (location === null || !URL.canParse(location, answer.url.href)) {
    throw strange(answer, `${answer.status} without a valid Location`)
  }
  const url = new URL(location, answer.url)
  const isDowngrade = answer.url.protocol === 'https:' && url.protocol !== 'https:'
  if (isDowngrade || !isSecure(url)) throw problems.BCN_OCI_INSECURE({ url: plainUrl(url) })
  return url
}

function refusal(answer: HttpAnswer, what: string, host: RegistryHost): Error {
  const { status, headers } = answer
  const [action = '', repository = ''] = what.split(' ')
  if (status === 401 || status === 403) return problems.BCN_OCI_DENIED({ repository, action })
  const problem = strange(answer, `status ${status}`)
  if (status !== 429 && status !== 408 && status < 500) return problem
  return new TransientError(problem, parseRetryAfter(headers.get('retry-after'), host.nowMs()))
}

function strange({ url }: HttpAnswer, reason: string) {
  return problems.BCN_OCI_REGISTRY_ANSWER({ url: plainUrl(url), reason })
}

function baseUrl(
  { registry, repository }: Pick<ImageReference, 'registry' | 'repository'>,
  plainHttp: boolean,
): URL {
  const host = apiHost(registry)
  const scheme = plainHttp || isLoopback(new URL(`http://${host}`)) ? 'http' : 'https'
  return new URL(`${scheme}://${host}/v2/${repository}/`)
}

/** http goes to the registry that was named with --plain-http, and to this machine. */
function mayBePlain(url: URL, base: URL): boolean {
  return url.host === base.host || (isLoopback(url) && isLoopback(base))
}
