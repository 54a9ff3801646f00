import { listenHttp, type HttpLimits, type ListenAddress } from '../http/index.ts'
import type { RuntimeHost } from '../runtime-host.ts'
import { followCertificates, loadServerTls, type ServerTlsOptions } from '../tls/index.ts'
import { createAdminHandler, type AdminOptions } from './admin-handler.ts'

/** Where the admin listener is, and who may call it. */
export interface AdminListening {
  /** Null where there is to be none. */
  readonly adminBind: ListenAddress | null
  /** With certificates, and with authorities that callers need a certificate of. */
  readonly adminTls?: ServerTlsOptions | undefined
  readonly adminToken?: string | undefined
  readonly limits: HttpLimits
}

export interface AdminListener {
  readonly address: ListenAddress
  /** Never fails: where a certificate cannot be used, the one before stays and the log says why. */
  readonly reloadCertificates: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Opens the admin listener, where there is to be one. @throws {ProblemError} BCN_LISTEN_…, BCN_TLS_… */
export async function listenAdmin(
  { adminBind, adminTls, adminToken: token, limits }: AdminListening,
  host: RuntimeHost,
  options: Omit<AdminOptions, 'access'>,
): Promise<AdminListener | null> {
  if (adminBind === null) return null
  const tls = adminTls && (await loadServerTls(adminTls))
  const access = { token, needsCertificate: adminTls?.clientCaPath !== undefined }
  const onRequest = createAdminHandler({ ...options, access })
  const listener = await listenHttp({ address: adminBind, limits, tls, headers: [], clock: host, onRequest })
  const certificates = tls && adminTls && followCertificates(tls, adminTls, options)
  return {
    address: listener.address,
    reloadCertificates: async () => certificates?.reload(),
    close: async () => {
      certificates?.stop()
      await listener.close(0)
    },
  }
}
