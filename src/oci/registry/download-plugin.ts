import { digestOf } from '../../domain/index.ts'
import { ociLimits } from '../content/limits.ts'
import { ociProblems as problems } from '../problems.ts'
import type { FetchedPlugin } from './fetch-plugin.ts'
import { discard, exchange, plainUrl, type HttpAnswer } from './http-exchange.ts'
import { imageCache } from './image-cache.ts'
import type { RegistryHost } from './registry-host.ts'
import { retrying, TransientError } from './retry.ts'

const MAX_REDIRECTS = 5
const MAX_DURATION_MS = 5 * 60_000
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
  const bytes = await retrying(host, () => download(new URL(url), host))
  const actual = digestOf(bytes)
  if (actual !== digest) throw problems.BCN_OCI_DIGEST_MISMATCH({ expected: digest, actual })
  await cache.write(new Map([[FILE, bytes]]))
  return { bytes, digest }
}

async function download(url: URL, host: RegistryHost): Promise<Buffer> {
  const endMs = host.nowMs() + MAX_DURATION_MS
  const answer = await follow(url, host)
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of answer.body) {
    sizeBytes += chunk.byteLength
    const limit = ociLimits.maxPluginBytes
    if (sizeBytes > limit)
      throw problems.BCN_OCI_TOO_LARGE({ what: `${plainUrl(url)} has more bytes`, limit })
    if (host.nowMs() > endMs) {
      const reason = `it takes longer than ${MAX_DURATION_MS / 60_000} minutes`
      throw problems.BCN_OCI_UNREACHABLE({ url: plainUrl(url), reason })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function follow(first: URL, host: RegistryHost): Promise<HttpAnswer> {
  let url = first
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    if (url.protocol !== 'https:') throw problems.BCN_OCI_INSECURE({ url: plainUrl(url) })
    const answer = await exchange({ method: 'GET', url }, host)
    if (answer.status === 200) return answer
    await discard(answer)
    const location = answer.headers.get('location')
    if (
      answer.status < 300 ||
      answer.status > 399 ||
      location === null ||
      !URL.canParse(location, url.href)
    ) {
      throw refusal(url, answer.status)
    }
    url = new URL(location, url)
  }
  throw problems.BCN_OCI_DOWNLOAD({ url: plainUrl(first), reason: `more than ${MAX_REDIRECTS} redirects` })
}

function refusal(url: URL, status: number): Error {
  const problem = problems.BCN_OCI_DOWNLOAD({ url: plainUrl(url), reason: `the status ${status}` })
  return status === 429 || status >= 500 ? new TransientError(problem) : problem
}
