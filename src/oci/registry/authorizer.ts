import { isObject } from '../../domain/index.ts'
import { ociLimits } from '../content/limits.ts'
import { parseJsonObject } from '../content/parse-json.ts'
import { ociProblems as problems } from '../problems.ts'
import { parseChallenges, type Challenge } from './challenge.ts'
import { findCredentials, type Credentials } from './credentials.ts'
import { discard, exchange, plainUrl, readText, type HttpRequest } from './http-exchange.ts'
import type { ImageReference } from './reference.ts'
import type { RegistryHost } from './registry-host.ts'
import { parseRetryAfter, TransientError } from './retry.ts'

/** Keeps what a registry wants in the Authorization header of its own requests. */
export interface Authorizer {
  /** The current header, if one is needed. */
  readonly header: () => string | undefined
  /**
   * Answers the challenges of a 401; false where nothing more can be offered.
   *
   * @throws {ProblemError} BCN_OCI_CHALLENGE, BCN_OCI_CREDENTIALS, BCN_OCI_UNREACHABLE
   */
  readonly answer: (wwwAuthenticate: string | null) => Promise<boolean>
  /** Adds a scope for the next token, and drops a token that does not have it. */
  readonly require: (scope: string) => void
}

export interface AuthorizerOptions {
  readonly names: Pick<ImageReference, 'registry' | 'repository'>
  readonly host: RegistryHost
  /** Whether a URL may be spoken to. */
  readonly isSecure: (url: URL) => boolean
}

/**
 * The authentication of registries: Basic (RFC 7617), or Bearer with a token from the realm that the challenge names
 * (distribution's token specification). A realm is spoken to by https, or at the registry itself.
 */
export function createAuthorizer({ names, host, isSecure }: AuthorizerOptions): Authorizer {
  const scopes = new Set<string>()
  let header: string | undefined
  let isBearer = false
  let credentials: Promise<Credentials | undefined> | undefined
  const find = () => (credentials ??= findCredentials(names, host))
  return {
    header: () => header,
    require: (scope) => {
      if (scopes.has(scope)) return
      scopes.add(scope)
      if (isBearer) header = undefined
    },
    answer: async (wwwAuthenticate) => {
      const challenge = chooseChallenge(wwwAuthenticate ?? '', names.registry)
      const before = header
      const found = await find()
      isBearer = challenge.scheme === 'bearer'
      if (!isBearer) {
        header = found?.kind === 'password' ? basic(found.username, found.password) : undefined
      } else if (found?.kind === 'bearer') {
        header = `Bearer ${found.token}`
      } else {
        for (const scope of challenge.parameters.get('scope')?.split(' ') ?? [])
          if (scope !== '') scopes.add(scope)
        const realm = realmOf(challenge, names.registry, isSecure)
        header = `Bearer ${await fetchToken({ realm, challenge, scopes, found, host })}`
        return true
      }
      return header !== undefined && header !== before
    },
  }
}

function chooseChallenge(header: string, registry: string): Challenge {
  const fail = (reason: string) => problems.BCN_OCI_CHALLENGE({ host: registry, reason })
  let challenges: readonly Challenge[]
  try {
    challenges = parseChallenges(header)
  } catch (error) {
    throw fail((error as Error).message)
  }
  const chosen = ['bearer', 'basic'].flatMap(
    (name) => challenges.find(({ scheme }) => scheme === name) ?? [],
  )[0]
  if (chosen !== undefined) return chosen
  const offered = challenges.map(({ scheme }) => scheme).join(', ') || 'nothing'
  throw fail(`it asks for ${offered}, not for Basic or Bearer`)
}

function realmOf({ parameters }: Challenge, registry: string, isSecure: (url: URL) => boolean): URL {
  const text = parameters.get('realm') ?? ''
  const realm = URL.canParse(text) ? new URL(text) : undefined
  const isPlain = realm !== undefined && realm.username === '' && realm.password === '' && realm.hash === ''
  if (!isPlain || !isSecure(realm)) {
    const reason = `its realm ${JSON.stringify(text)} is neither https nor the registry itself`
    throw problems.BCN_OCI_CHALLENGE({ host: registry, reason })
  }
  return realm
}

interface TokenRequest {
  readonly realm: URL
  readonly challenge: Challenge
  readonly scopes: ReadonlySet<string>
  readonly found: Credentials | undefined
  readonly host: RegistryHost
}

async function fetchToken({ realm, challenge, scopes, found, host }: TokenRequest): Promise<string> {
  const service = challenge.parameters.get('service')
  const request =
    found?.kind === 'identity'
      ? refreshRequest(realm, service, scopes, found.token)
      : tokenRequest(realm, service, scopes, found)
  const answer = await exchange(request, host)
  const where = plainUrl(realm)
  if (answer.status !== 200) {
    await discard(answer)
    const problem = problems.BCN_OCI_CHALLENGE({
      host: realm.host,
      reason: `${where} answered ${answer.status}`,
    })
    if (answer.status !== 429 && answer.status < 500) throw problem
    throw new TransientError(problem, parseRetryAfter(answer.headers.get('retry-after'), host.nowMs()))
  }
  const body = parseJsonObject(Buffer.from(await readText(answer, ociLimits.maxAnswerBytes)))
  const token = isObject(body) ? (body['token'] ?? body['access_token']) : undefined
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token
  throw problems.BCN_OCI_CHALLENGE({ host: realm.host, reason: `${where} gave no token` })
}

function tokenRequest(
  realm: URL,
  service: string | undefined,
  scopes: ReadonlySet<string>,
  found: Exclude<Credentials, { kind: 'identity' }> | undefined,
): HttpRequest {
  const url = new URL(realm)
  if (service !== undefined) url.searchParams.set('service', service)
  for (const scope of scopes) url.searchParams.append('scope', scope)
  const headers = found?.kind === 'password' ? { authorization: basic(found.username, found.password) } : {}
  return { method: 'GET', url, headers }
}

function refreshRequest(
  realm: URL,
  service: string | undefined,
  scopes: ReadonlySet<string>,
  token: string,
): HttpRequest {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: 'barbacane',
    refresh_token: token,
    scope: [...scopes].join(' '),
    ...(service === undefined ? {} : { service }),
  })
  const bytes = Buffer.from(form.toString())
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return { method: 'POST', url: realm, headers, body: { sizeBytes: bytes.byteLength, open: () => bytes } }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
