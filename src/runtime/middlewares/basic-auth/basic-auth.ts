import { hash, randomBytes } from 'node:crypto'

import type { JsonObject } from '../../../domain/index.ts'
import { identityFields, setIdentity, type IdentityFields } from '../identity.ts'
import type { BuiltMiddleware, MiddlewareContext } from '../middleware.ts'
import { refusalOf } from '../refusal.ts'
import { passwordVerifier, type Verify } from './password-hash.ts'
import { createVerificationQueue } from './verification-queue.ts'

interface CredentialEntry {
  readonly username: string
  readonly password: string
  readonly roles?: readonly string[]
}

interface User {
  readonly identity: IdentityFields
  readonly verify: Verify
}

const REMEMBERED_MS = 300_000
const MAX_REMEMBERED = 10_000
const MAX_CREDENTIALS_LENGTH = 4096

/** Lets in who knows a user name and its password (RFC 7617). */
export function createBasicAuth(config: JsonObject, { host }: MiddlewareContext): BuiltMiddleware {
  const users = readUsers(config['credentials'] as unknown as readonly CredentialEntry[])
  const [first] = users.values()
  if (first === undefined) throw new RangeError('/credentials: there are none')
  const challenge = ['www-authenticate', `Basic realm="${config['realm'] as string}", charset="UTF-8"`]
  const missing = refusalOf(
    'unauthorized',
    { detail: 'The request has no user name and password.' },
    challenge,
  )
  const wrong = refusalOf('unauthorized', { detail: 'The user name or the password is wrong.' }, challenge)
  const busy = refusalOf('overloaded', { detail: 'Too many passwords are being checked.' }, [
    'retry-after',
    '1',
  ])
  const strips = config['strip_credentials'] === true
  const queue = createVerificationQueue()
  // Found under a digest that nobody outside this process can compute.
  const digestKey = randomBytes(32).toString('hex')
  const remembered = new Map<string, { readonly identity: IdentityFields; readonly untilMs: number }>()
  return {
    handle: (next) => (exchange) => {
      const { headers } = exchange.request
      const encoded = encodedCredentials(headers.get('authorization'))
      if (encoded === undefined) return missing(exchange)
      const admit = (identity: IdentityFields) => {
        if (strips) headers.remove('authorization')
        setIdentity(headers, identity)
        next(exchange)
      }
      const digest = hash('sha256', digestKey + encoded, 'base64')
      const known = remembered.get(digest)
      if (known !== undefined && known.untilMs > host.monotonicMs()) return admit(known.identity)
      const credentials = decodeCredentials(encoded)
      if (credentials === undefined) return wrong(exchange)
      const user = users.get(credentials.username)
      // An unknown user takes as long as a wrong password.
      const { verify } = user ?? first
      const checking = queue.run(() => verify(credentials.password))
      if (checking === undefined) return busy(exchange)
      checking.then(
        (isRight) =>
          exchange.attempt(() => {
            if (!isRight || user === undefined) return wrong(exchange)
            if (remembered.size >= MAX_REMEMBERED) remembered.clear()
            remembered.set(digest, { identity: user.identity, untilMs: host.monotonicMs() + REMEMBERED_MS })
            admit(user.identity)
          }),
        (error: unknown) => exchange.fail(error as Error),
      )
    },
  }
}

function readUsers(entries: readonly CredentialEntry[]): ReadonlyMap<string, User> {
  const users = new Map<string, User>()
  for (const { username, password, roles = [] } of entries) {
    if (users.has(username)) throw new RangeError(`/credentials: ${username} is there twice`)
    try {
      const identity = identityFields({ consumer: username, groups: roles })
      users.set(username, { identity, verify: passwordVerifier(password) })
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw new RangeError(`/credentials: ${username}: ${error.message}`, { cause: error })
    }
  }
  return users
}

function encodedCredentials(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > MAX_CREDENTIALS_LENGTH) return undefined
  const [, encoded] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization) ?? []
  return encoded
}

function decodeCredentials(
  encoded: string,
): { readonly username: string; readonly password: string } | undefined {
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  return colon === -1 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) }
}
