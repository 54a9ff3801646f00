import { resolve } from 'node:path'

import type { ServerTlsOptions } from './server-tls.ts'

/** The same with paths that do not depend on the working directory. */
export function withAbsolutePaths(tls: ServerTlsOptions, cwd: string): ServerTlsOptions {
  const certificates = tls.certificates.map(({ certPath, keyPath }) => ({
    certPath: resolve(cwd, certPath),
    keyPath: resolve(cwd, keyPath),
  }))
  const clientCaPath = tls.clientCaPath === undefined ? undefined : resolve(cwd, tls.clientCaPath)
  return { ...tls, certificates, clientCaPath }
}
