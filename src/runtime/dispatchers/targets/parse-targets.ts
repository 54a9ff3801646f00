import { createSecureContext } from 'node:tls'

import type { JsonObject } from '../../../domain/index.ts'
import type { UpstreamTls } from '../../http/index.ts'

/** Where a target is, and how it is spoken to. */
export interface ParsedTarget {
  readonly origin: string
  readonly basePath: string
  readonly weight: number
  readonly tls: UpstreamTls | undefined
}

/**
 * Reads `url` or `targets`, and `tls`.
 *
 * @throws {RangeError} for URLs, certificates and keys that cannot be used.
 */
export function parseTargets(config: JsonObject): readonly ParsedTarget[] {
  const listed = config['targets'] as readonly JsonObject[] | undefined
  const parsed =
    listed === undefined
      ? [{ ...parseUpstreamUrl(config['url'] as string, '/url'), weight: 1 }]
      : listed.map((target, index) => ({
          ...parseUpstreamUrl(target['url'] as string, `/targets/${index}/url`),
          weight: target['weight'] as number,
        }))
  const names = parsed.map(({ origin, basePath }) => origin + basePath)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new RangeError(`/targets: ${twice} is listed twice; give it a weight`)
  const given = config['tls'] as JsonObject | undefined
  return parsed.map((target) => ({ ...target, tls: tlsOf(given, target.origin) }))
}

/** @throws {RangeError} for a URL that no service can be reached by, with the name of the member. */
export function parseUpstreamUrl(
  text: string,
  member: string,
): { readonly origin: string; readonly basePath: string } {
  if (!URL.canParse(text)) throw new RangeError(`${member} is not a URL`)
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') throw new RangeError(`${member} must not hold credentials`)
  if (url.search !== '' || url.hash !== '')
    throw new RangeError(`${member} must have no query and no fragment`)
  return { origin: url.origin, basePath: url.pathname.replace(/\/+$/, '') }
}

/** @throws {RangeError} for certificates and keys that cannot be used. */
export function tlsOf(config: JsonObject | undefined, origin: string): UpstreamTls | undefined {
  if (config === undefined) return undefined
  if (!origin.startsWith('https:')) throw new RangeError('/tls: the url is not https')
  const given = config as Readonly<Record<string, string>>
  const tls: UpstreamTls = {
    ...(given['ca'] !== undefined && { ca: given['ca'] }),
    ...(given['client_cert'] !== undefined && { cert: given['client_cert'] }),
    ...(given['client_key'] !== undefined && { key: given['client_key'] }),
    ...(given['server_name'] !== undefined && { serverName: given['server_name'] }),
  }
  try {
    createSecureContext(tls)
  } catch (error) {
    // What OpenSSL says of a key must not end up in a message.
    throw new RangeError('/tls: a certificate or the key is no PEM, or they do not belong together', {
      cause: error,
    })
  }
  return tls
}
