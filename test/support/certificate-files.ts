import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { selfSigned, type CertificatePair } from './certificates.ts'

export interface CertificateFilePair extends CertificatePair {
  readonly certPath: string
  readonly keyPath: string
}

/** Writes a certificate and its key as a gateway takes them. */
export function writeCertificate(
  folder: string,
  name: string,
  { cert, key }: CertificatePair,
  keyMode = 0o600,
): CertificateFilePair {
  const [certPath, keyPath] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)]
  writeFileSync(keyPath, key, { mode: keyMode })
  writeFileSync(certPath, cert)
  return { certPath, keyPath, cert, key }
}

/** Makes a self-signed certificate for a name, as files. */
export async function certificateFiles(folder: string, hostname: string): Promise<CertificateFilePair> {
  return writeCertificate(folder, hostname, await selfSigned(hostname))
}
