import type { SecureContext, Server } from 'node:tls'

import type { ListenerTls } from '../http/index.ts'
import {
  loadAuthorities,
  loadCertificate,
  type CertificateFiles,
  type ServerCertificate,
} from './load-certificate.ts'
import { contextOptions, type TlsPolicy, type TlsVersion } from './tls-policy.ts'

export interface ServerTlsOptions {
  /** The first is shown to clients that ask for no name, or for one that none of them has. */
  readonly certificates: readonly CertificateFiles[]
  readonly minVersion: TlsVersion
  /** Certificates of authorities (PEM): clients are asked for one of theirs, and may come without. */
  readonly clientCaPath?: string | undefined
}

/** The certificates of a listener, which can be replaced while it serves. */
export interface ServerTls extends ListenerTls {
  /**
   * Reads all files again and uses them from the next handshake on: all of them, or, where one cannot be used, none.
   *
   * @throws {ProblemError} BCN_TLS_UNREADABLE, BCN_TLS_KEY_EXPOSED, BCN_TLS_MISMATCH
   */
  readonly reload: () => Promise<void>
  /** What is shown now. */
  readonly certificates: () => readonly ShownCertificate[]
}

export interface ShownCertificate {
  /** As X.509 writes them: `DNS:shop.example, DNS:*.shop.example`. */
  readonly names: string
  readonly expiresMs: number
}

/**
 * Loads the certificates.
 *
 * @throws {ProblemError} BCN_TLS_UNREADABLE, BCN_TLS_KEY_EXPOSED, BCN_TLS_MISMATCH
 */
export async function loadServerTls({
  certificates: files,
  minVersion,
  clientCaPath,
}: ServerTlsOptions): Promise<ServerTls> {
  const load = async (): Promise<Loaded> => {
    const clientCa = clientCaPath === undefined ? undefined : await loadAuthorities(clientCaPath)
    const policy = { minVersion, clientCa }
    return { policy, certificates: await Promise.all(files.map((pair) => loadCertificate(pair, policy))) }
  }
  const servers = new Set<Server>()
  let current = await load()
  const standard = () => {
    const { cert, key } = current.certificates[0] as ServerCertificate
    return { cert, key, ...contextOptions(current.policy) }
  }
  return {
    options: {
      ...standard(),
      requestCert: clientCaPath !== undefined,
      // Who is not known may ask for what is open to all.
      rejectUnauthorized: false,
      SNICallback: (servername, done) => done(null, contextFor(current.certificates, servername)),
    },
    attach: (server) => {
      servers.add(server)
      server.once('close', () => servers.delete(server))
      server.setSecureContext(standard())
    },
    reload: async () => {
      current = await load()
      for (const server of servers) server.setSecureContext(standard())
    },
    certificates: () =>
      current.certificates.map(({ x509 }) => ({
        names: x509.subjectAltName ?? x509.subject,
        expiresMs: x509.validToDate.getTime(),
      })),
  }
}

interface Loaded {
  readonly policy: TlsPolicy
  readonly certificates: readonly ServerCertificate[]
}

/** The certificate for a name that a client asks for (RFC 6066 §3); undefined for the standard one. */
function contextFor(
  certificates: readonly ServerCertificate[],
  servername: string,
): SecureContext | undefined {
  return certificates.find(({ x509 }) => x509.checkHost(servername) !== undefined)?.context
}
