import { unwatchFile, watchFile } from 'node:fs'

import { isProblemError } from '../../domain/index.ts'
import type { Logger } from '../telemetry/index.ts'
import type { ServerTls, ServerTlsOptions } from './server-tls.ts'

/** How often the files are looked at; also links to them are followed, by which Kubernetes replaces what it mounts. */
const INTERVAL_MS = 2_000

/** Reads certificates again on demand and when their files change. */
export interface CertificateReloading {
  /** Never fails: where the new files cannot be used, the old certificates stay and the log says why. */
  readonly reload: () => Promise<void>
  readonly stop: () => void
}

export function followCertificates(
  tls: ServerTls,
  { certificates, clientCaPath }: ServerTlsOptions,
  { log, nowMs }: { readonly log: Logger; readonly nowMs: () => number },
): CertificateReloading {
  const authorities = clientCaPath === undefined ? [] : [clientCaPath]
  const paths = [...certificates.flatMap(({ certPath, keyPath }) => [certPath, keyPath]), ...authorities]
  let last = Promise.resolve()
  const once = async () => {
    try {
      await tls.reload()
      log.log('info', 'certificates reloaded')
      warnOfExpired(tls, { log, nowMs })
    } catch (error) {
      if (!isProblemError(error)) throw error
      const { code, message } = error.problem
      log.log('error', 'certificates not reloaded, the ones before stay in use', { code, reason: message })
    }
  }
  // One after the other, so that the one that began last is the one that counts.
  const reload = () => (last = last.then(once))
  const onChange = () => void reload()
  warnOfExpired(tls, { log, nowMs })
  for (const path of paths) watchFile(path, { interval: INTERVAL_MS, persistent: false }, onChange)
  return {
    reload,
    stop: () => {
      for (const path of paths) unwatchFile(path, onChange)
    },
  }
}

function warnOfExpired(
  tls: ServerTls,
  { log, nowMs }: { readonly log: Logger; readonly nowMs: () => number },
): void {
  for (const { names, expiresMs } of tls.certificates()) {
    if (expiresMs > nowMs()) continue
    log.log('warn', 'a certificate has expired', { names, expired: new Date(expiresMs).toISOString() })
  }
}
