import { path } from '../kinds.ts'
import type { Kind, Members } from '../members.ts'
import type { NodeTls, SecretReference } from './fleet.ts'

const TLS_KEYS = ['ca', 'cert', 'key', 'server_name']
const TLS_HINT = 'Write `tls: { ca: ./ca.pem }`, for mTLS with `cert` and `key` too.'
const TOKEN_HINT =
  'Write `token: { env: NAME }` or `token: { file: PATH }`; a token itself has no place in git.'

const host: Kind<string> = {
  what: 'the name of a host',
  hint: 'Write the name that the certificate has, e.g. edge.internal.example.',
  accept: (value) =>
    typeof value === 'string' && /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(value)
      ? value
      : undefined,
}

const variable: Kind<string> = {
  what: 'the name of an environment variable',
  hint: TOKEN_HINT,
  // A token that was pasted here by mistake must not be repeated.
  isSecret: true,
  accept: (value) => (typeof value === 'string' && /^[A-Z_][A-Z0-9_]*$/.test(value) ? value : undefined),
}

const secretPath: Kind<string> = { ...path, hint: TOKEN_HINT, isSecret: true }

/** Reads `tls`; undefined where it is not given. */
export function readTls(members: Members): NodeTls | undefined {
  const tls = members.object('tls', TLS_KEYS, TLS_HINT)
  if (tls === undefined) return undefined
  const [ca, cert, key] = ['ca', 'cert', 'key'].map((name) => tls.optional(name, path))
  if (tls.has('cert') !== tls.has('key')) {
    tls.fault(undefined, '`tls` has one of `cert` and `key` without the other', TLS_HINT)
  }
  return { ca, cert, key, serverName: tls.optional('server_name', host) }
}

/** Reads `token`; undefined where it is not given. */
export function readToken(members: Members): SecretReference | undefined {
  const token = members.object('token', ['env', 'file'], TOKEN_HINT)
  if (token === undefined) return undefined
  if (token.has('env') === token.has('file')) {
    token.fault(undefined, '`token` needs either `env` or `file`', TOKEN_HINT)
    return undefined
  }
  const name = token.optional('env', variable)
  if (name !== undefined) return { kind: 'env', name }
  const file = token.optional('file', secretPath)
  return file === undefined ? undefined : { kind: 'file', path: file }
}
