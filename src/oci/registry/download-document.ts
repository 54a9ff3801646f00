import { lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'

import { digestOf, isPublicAddress, sha256Hex } from '../../domain/index.ts'
import { ociLimits } from '../content/limits.ts'
import { documentProblems as problems } from './document-problems.ts'
import { downloadFile, type DownloadedFile } from './download-file.ts'
import { plainUrl } from './http-exchange.ts'
import { imageCache } from './image-cache.ts'
import type { RegistryHost } from './registry-host.ts'

const FILE = 'document'
const MAX_DURATION_MS = 60_000
const ACCEPT = 'application/yaml, application/json;q=0.9, */*;q=0.5'

/** Hosts (`HOST` or `HOST:PORT`) that may be asked without TLS and at addresses that are not public. */
export type InsecureHosts = ReadonlySet<string>

export interface DocumentOptions {
  readonly insecureHosts: InsecureHosts
  /** Asks nobody: what is not in the cache is a problem. */
  readonly offline?: boolean | undefined
}

/**
 * Gives the document of a URL that a lock pins: from the cache, where it is kept by its SHA-256, or downloaded.
 *
 * @param sha256 lower-case hex
 * @throws {ProblemError} BCN_REF_CHANGED, BCN_REF_INSECURE, BCN_REF_PRIVATE, BCN_REF_NOT_CACHED, BCN_OCI_DOWNLOAD,
 *   BCN_OCI_UNREACHABLE, BCN_OCI_TOO_LARGE, BCN_OCI_NOT_WRITTEN
 */
export async function openPinnedDocument(
  { url, sha256 }: { readonly url: string; readonly sha256: string },
  host: RegistryHost,
  { insecureHosts, offline = false }: DocumentOptions,
): Promise<Buffer> {
  admitDocument(new URL(url), insecureHosts)
  const cached = await imageCache('documents', `sha256:${sha256}`, host).read(FILE)
  if (cached !== undefined && sha256Hex(cached) === sha256) return cached
  if (offline) throw problems.BCN_REF_NOT_CACHED({ url })
  const { bytes } = await downloadDocument(url, host, insecureHosts)
  const actual = sha256Hex(bytes)
  if (actual !== sha256) throw problems.BCN_REF_CHANGED({ url, pinned: sha256, actual })
  return bytes
}

/**
 * Downloads the document of a URL whatever it is, and keeps it in the cache by its SHA-256.
 *
 * @throws {ProblemError} BCN_REF_MEDIA_TYPE for a web page, and what {@link openPinnedDocument} throws of downloads.
 */
export async function downloadDocument(
  url: string,
  host: RegistryHost,
  insecureHosts: InsecureHosts,
): Promise<DownloadedFile> {
  const file = await downloadFile(new URL(url), host, {
    maxBytes: ociLimits.maxDocumentBytes,
    maxDurationMs: MAX_DURATION_MS,
    accept: ACCEPT,
    admit: (place) => admitDocument(place, insecureHosts),
  })
  // A page that asks for a login, or says that nothing is here, comes with status 200 more often than not.
  if (file.mediaType === 'text/html' || file.mediaType === 'application/xhtml+xml')
    throw problems.BCN_REF_MEDIA_TYPE({ url: plainUrl(new URL(url)), mediaType: file.mediaType })
  await imageCache('documents', digestOf(file.bytes), host).write(new Map([[FILE, file.bytes]]))
  return file
}

/**
 * Refuses a URL that must not be asked, as far as the URL itself says; names are judged when they are resolved.
 *
 * @throws {ProblemError} BCN_REF_INSECURE, BCN_REF_PRIVATE
 */
function admitDocument(url: URL, insecureHosts: InsecureHosts): void {
  if (isInsecureHost(url, insecureHosts)) return
  if (url.protocol !== 'https:') throw problems.BCN_REF_INSECURE({ url: plainUrl(url), host: url.host })
  const address = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(address) !== 0 && !isPublicAddress(address))
    throw problems.BCN_REF_PRIVATE({ host: url.host, address })
}

function isInsecureHost({ host, hostname }: URL, insecureHosts: InsecureHosts): boolean {
  return insecureHosts.has(host) || insecureHosts.has(hostname)
}

/**
 * Resolves names as the system does, but none to an address that is not public: it is the address which the connection
 * goes to that is looked at, so that a name cannot have one for the check and another for the connection.
 */
export function publicLookup(insecureHosts: InsecureHosts, resolve: typeof lookup = lookup): LookupFunction {
  // A connection knows its name, not its port.
  const exempt = new Set([...insecureHosts].map((host) => host.replace(/:\d+$/, '')))
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '')
      const inner = addresses.find(({ address }) => !isPublicAddress(address))
      if (inner !== undefined && !exempt.has(hostname))
        return callback(problems.BCN_REF_PRIVATE({ host: hostname, address: inner.address }), '')
      const [first] = addresses
      if (options.all === true) return callback(null, addresses)
      return callback(null, first?.address ?? '', first?.family)
    })
  }
}
