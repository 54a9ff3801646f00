import { builtins } from '../../domain/index.ts'

/** The middlewares that check who sends a request, whatever else they are called with. */
const authenticating: readonly string[] = [
  'apikey-auth',
  'basic-auth',
  'jwt-auth',
  'oauth2-auth',
  'oidc-auth',
]

/** True of the well-known middlewares that ask for credentials; of a plugin of the project nothing is known. */
export function isAuthenticating(middleware: string): boolean {
  return authenticating.includes(middleware)
}

/** Well-known middlewares that do something else; a plugin of one of these names enforces no scheme. */
const otherPurposes: ReadonlySet<string> = new Set([
  'acl',
  'ai-cost-tracker',
  'ai-prompt-guard',
  'ai-response-guard',
  'ai-token-limit',
  'bot-detection',
  'cache',
  'cel',
  'correlation-id',
  'cors',
  'http-log',
  'ip-restriction',
  'observability',
  'opa-authz',
  'rate-limit',
  'redirect',
  'request-size-limit',
  'request-transformer',
  'response-transformer',
])

/** The middlewares by name that enforce a security scheme, the usual one first. */
export function enforcersOf(scheme: Readonly<Record<string, unknown>>): readonly string[] {
  const { type } = scheme
  if (type === 'http') {
    const name = String(scheme['scheme']).toLowerCase()
    if (name === 'bearer') return ['jwt-auth', 'oidc-auth', 'oauth2-auth']
    return name === 'basic' ? ['basic-auth'] : []
  }
  if (type === 'apiKey' || type === 'httpApiKey') return ['apikey-auth']
  if (type === 'oauth2') return ['oauth2-auth', 'jwt-auth', 'oidc-auth']
  return type === 'openIdConnect' ? ['oidc-auth', 'jwt-auth'] : []
}

/**
 * True where a middleware of that name enforces the scheme. A name that says nothing is a plugin of the project, which
 * is taken at its word, except for mutual TLS: the gateway ends TLS before any plugin runs.
 */
export function enforces(middleware: string, scheme: Readonly<Record<string, unknown>>): boolean {
  if (enforcersOf(scheme).includes(middleware)) return true
  if (scheme['type'] === 'mutualTLS') return false
  return !isAuthenticating(middleware) && !otherPurposes.has(middleware) && !builtins.has(middleware)
}
