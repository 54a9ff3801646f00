import { digestOf } from '../../domain/index.ts'
import { ociLimits } from '../content/limits.ts'
import { ociProblems as problems } from '../problems.ts'
import { downloadFile } from './download-file.ts'
import type { FetchedPlugin } from './fetch-plugin.ts'
import { plainUrl } from './http-exchange.ts'
import { imageCache } from './image-cache.ts'
import type { RegistryHost } from './registry-host.ts'

const FILE = 'plugin.wasm'

/**
 * Downloads a WebAssembly plugin that its SHA-256 pins. Redirects are followed to https only; no credentials are sent.
 * It is cached by that SHA-256, and compared with it on every use.
 *
 * @param sha256 lower-case hex
 * @throws {ProblemError} BCN_OCI_NOT_CACHED, BCN_OCI_INSECURE, BCN_OCI_DOWNLOAD, BCN_OCI_UNREACHABLE,
 *   BCN_OCI_TOO_LARGE, BCN_OCI_DIGEST_MISMATCH, BCN_OCI_NOT_WRITTEN
 */
export async function downloadPlugin(
  { url, sha256 }: { readonly url: string; readonly sha256: string },
  host: RegistryHost,
  { offline = false }: { readonly offline?: boolean } = {},
): Promise<FetchedPlugin> {
  const digest = `sha256:${sha256}` as const
  const cache = imageCache('modules', digest, host)
  const cached = await cache.read(FILE)
  if (cached !== undefined && digestOf(cached) === digest) return { bytes: cached, digest }
  if (offline) throw problems.BCN_OCI_NOT_CACHED({ reference: plainUrl(new URL(url)) })
  const { bytes } = await downloadFile(new URL(url), host, {
    maxBytes: ociLimits.maxPluginBytes,
    maxDurationMs: 5 * 60_000,
    admit: (place) => {
      if (place.protocol !== 'https:') throw problems.BCN_OCI_INSECURE({ url: plainUrl(place) })
    },
  })
  const actual = digestOf(bytes)
  if (actual !== digest) throw problems.BCN_OCI_DIGEST_MISMATCH({ expected: digest, actual })
  await cache.write(new Map([[FILE, bytes]]))
  return { bytes, digest }
}
