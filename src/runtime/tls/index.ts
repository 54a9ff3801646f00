export { followCertificates, type CertificateReloading } from './follow-certificates.ts'
export type { CertificateFiles } from './load-certificate.ts'
export { loadServerTls, type ServerTls, type ServerTlsOptions } from './server-tls.ts'
export { tlsVersions } from './tls-policy.ts'
