import type { IncomingHttpHeaders, ServerResponse } from 'node:http'

import type { Auth, Seen } from './switches.ts'

/** Tokens name the scopes they grant. */
const PREFIX = 'test-token-for:'

export function isAllowed(auth: Auth, { method, url, headers }: Seen): boolean {
  if (auth.kind === 'none') return true
  const header = String(headers['authorization'])
  if (auth.kind === 'basic') return header === basic(auth.username, auth.password)
  const granted = Buffer.from(header.slice('Bearer '.length), 'base64').toString()
  return granted.startsWith(PREFIX) && neededScopes(method, url).every((scope) => grants(granted, scope))
}

export function refuse(auth: Auth, { method, url, headers }: Seen, response: ServerResponse): void {
  const realm = auth.kind === 'token' ? (auth.realm ?? `http://${String(headers['host'])}/token`) : ''
  const scope = neededScopes(method, url)[0]
  const challenge =
    auth.kind === 'basic' ? 'Basic realm="test"' : `Bearer realm="${realm}",service="test",scope="${scope}"`
  response.writeHead(401, { 'www-authenticate': challenge }).end('{"errors":[]}')
}

interface TokenRequest {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** The token endpoint: anonymous clients may pull, who proves to be the user may push. */
export function token(
  auth: Auth,
  { method, url, headers, body }: TokenRequest,
  response: ServerResponse,
): void {
  if (auth.kind !== 'token') return void response.writeHead(404).end()
  const form = new URLSearchParams(body.toString())
  const scopes = method === 'POST' ? (form.get('scope') ?? '').split(' ') : url.searchParams.getAll('scope')
  const isUser =
    method === 'POST'
      ? form.get('refresh_token') === auth.identityToken && form.get('grant_type') === 'refresh_token'
      : auth.username !== undefined && headers.authorization === basic(auth.username, auth.password ?? '')
  if (headers.authorization !== undefined && !isUser) return void response.writeHead(401).end()
  const granted = scopes.map((scope) => (isUser ? scope : scope.replace(/:[^:]*$/, ':pull')))
  const value = Buffer.from(`${PREFIX}${granted.join(' ')}`).toString('base64')
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token: value }))
}

function grants(granted: string, scope: string): boolean {
  const [, repository, actions = ''] = scope.split(':')
  const found = granted
    .slice(PREFIX.length)
    .split(' ')
    .filter((entry) => entry.split(':')[1] === repository)
  return actions
    .split(',')
    .every((action) => found.some((entry) => entry.split(':')[2]?.split(',').includes(action)))
}

function neededScopes(method: string, url: string): readonly string[] {
  const parsed = new URL(url, 'http://registry.invalid')
  const repository = /^\/v2\/(.+?)\/(blobs|manifests|referrers)\//.exec(parsed.pathname)?.[1] ?? ''
  const actions = method === 'GET' || method === 'HEAD' ? 'pull' : 'pull,push'
  const from = parsed.searchParams.get('from')
  return [`repository:${repository}:${actions}`, ...(from === null ? [] : [`repository:${from}:pull`])]
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
