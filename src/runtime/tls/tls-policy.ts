import { constants } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'

export const tlsVersions = ['1.2', '1.3'] as const
export type TlsVersion = (typeof tlsVersions)[number]

/**
 * What is spoken of TLS 1.2 (RFC 9325 §4.2): forward secrecy and authenticated encryption only, which are also all that HTTP/2 allows
 * (RFC 9113 §9.2.2). Those of TLS 1.3 are all sound.
 */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':')

/** What every secure context of a listener has in common. */
export interface TlsPolicy {
  readonly minVersion: TlsVersion
  /** PEM of the authorities whose clients are known; undefined where none is asked who it is. */
  readonly clientCa: string | undefined
}

export function contextOptions({ minVersion, clientCa }: TlsPolicy): SecureContextOptions {
  const policy = { minVersion: `TLSv${minVersion}`, ciphers: CIPHERS } as const
  // A session would bring back who is not known any more.
  return clientCa === undefined
    ? policy
    : { ...policy, ca: clientCa, secureOptions: constants.SSL_OP_NO_TICKET }
}
