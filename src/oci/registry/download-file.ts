import { ociProblems as problems } from '../problems.ts'
import { discard, exchange, plainUrl, type HttpAnswer } from './http-exchange.ts'
import type { RegistryHost } from './registry-host.ts'
import { retrying, TransientError } from './retry.ts'

const MAX_REDIRECTS = 5

export interface DownloadLimits {
  readonly maxBytes: number
  readonly maxDurationMs: number
  /** Throws where a URL, the first one or one redirected to, must not be asked. */
  readonly admit: (url: URL) => void
  readonly accept?: string
}

export interface DownloadedFile {
  readonly bytes: Buffer
  /** Lower-case, without parameters; null where there is none. */
  readonly mediaType: string | null
}

/**
 * Downloads a file. Redirects are followed to what is admitted; no credentials are sent.
 *
 * @throws {ProblemError} BCN_OCI_DOWNLOAD, BCN_OCI_UNREACHABLE, BCN_OCI_TOO_LARGE, and what `admit` throws
 */
export function downloadFile(url: URL, host: RegistryHost, limits: DownloadLimits): Promise<DownloadedFile> {
  return retrying(host, () => download(url, host, limits))
}

async function download(url: URL, host: RegistryHost, limits: DownloadLimits): Promise<DownloadedFile> {
  const { maxBytes: limit, maxDurationMs } = limits
  const endMs = host.nowMs() + maxDurationMs
  const answer = await follow(url, host, limits)
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of answer.body) {
    sizeBytes += chunk.byteLength
    if (sizeBytes > limit)
      throw problems.BCN_OCI_TOO_LARGE({ what: `${plainUrl(url)} has more bytes`, limit })
    if (host.nowMs() > endMs) {
      const minutes = maxDurationMs / 60_000
      const reason = `it takes longer than ${minutes === 1 ? 'a minute' : `${minutes} minutes`}`
      throw problems.BCN_OCI_UNREACHABLE({ url: plainUrl(url), reason })
    }
    chunks.push(chunk)
  }
  return { bytes: Buffer.concat(chunks), mediaType: mediaTypeOf(answer) }
}

async function follow(
  first: URL,
  host: RegistryHost,
  { admit, accept }: DownloadLimits,
): Promise<HttpAnswer> {
  let url = first
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    admit(url)
    const answer = await exchange(
      { method: 'GET', url, ...(accept === undefined ? {} : { headers: { accept } }) },
      host,
    )
    if (answer.status === 200) return answer
    await discard(answer)
    const location = answer.headers.get('location')
    const isRedirect = answer.status >= 300 && answer.status <= 399
    if (!isRedirect || location === null || !URL.canParse(location, url.href))
      throw refusal(url, answer.status)
    url = new URL(location, url)
  }
  throw problems.BCN_OCI_DOWNLOAD({ url: plainUrl(first), reason: `more than ${MAX_REDIRECTS} redirects` })
}

function refusal(url: URL, status: number): Error {
  const problem = problems.BCN_OCI_DOWNLOAD({ url: plainUrl(url), reason: `the status ${status}` })
  return status === 429 || status >= 500 ? new TransientError(problem) : problem
}

function mediaTypeOf({ headers }: HttpAnswer): string | null {
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  return /^[\w.+-]{1,127}\/[\w.+-]{1,127}$/.test(type) ? type : null
}
