import { systemReason } from '../../domain/index.ts'
import type { Failure } from './transport.ts'

/** The codes of OpenSSL and Node for certificates and handshakes that do not hold. */
const TLS_CODE =
  /^(?:ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERROR_IN_CERT_|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_EXCEEDED)/

/** What an error of a connection means for whoever asked. */
export function classifyError(error: unknown): Failure {
  const { code = '', message } = error as NodeJS.ErrnoException
  if (code.startsWith('HPE_')) {
    return { reason: 'no-provenance', detail: `the answer is no HTTP: ${message}`, isTransient: false }
  }
  if (TLS_CODE.test(code)) return { reason: 'tls-failed', detail: message || code, isTransient: false }
  return { reason: 'connection-failed', detail: systemReason(error), isTransient: true }
}
