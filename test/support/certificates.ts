import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { temporaryFolder } from './temporary-folder.ts'

export interface CertificatePair {
  readonly cert: Buffer
  readonly key: Buffer
}

/** A self-signed certificate for a name, made by openssl; one that is expired was valid on a day of 2020. */
export async function selfSigned(hostname: string, { isExpired = false } = {}): Promise<CertificatePair> {
  await using folder = await temporaryFolder({ 'ca.conf': config(hostname), 'index.txt': '', serial: '01\n' })
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { cwd: folder.path, stdio: ['ignore', 'ignore', 'pipe'] })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem']
  openssl('req', '-new', ...newKey, '-subj', `/CN=${hostname}`, '-out', 'request.pem')
  const days = isExpired ? ['-startdate', '20200101000000Z', '-enddate', '20200102000000Z'] : ['-days', '2']
  const self = ['-batch', '-selfsign', '-keyfile', 'key.pem', '-config', 'ca.conf', '-notext']
  openssl('ca', ...self, ...days, '-in', 'request.pem', '-out', 'cert.pem')
  const [cert, key] = await Promise.all(
    ['cert.pem', 'key.pem'].map((name) => readFile(join(folder.path, name))),
  )
  return { cert: cert as Buffer, key: key as Buffer }
}

function config(hostname: string): string {
  return `[ca]
default_ca = self
[self]
new_certs_dir = .
database = index.txt
serial = serial
default_md = sha256
policy = any
x509_extensions = leaf
[any]
commonName = supplied
[leaf]
subjectAltName = DNS:${hostname}
`
}
