import type { Blob } from '../content/blob.ts'
import { ociProblems as problems } from '../problems.ts'
import { discard, plainUrl, type HttpAnswer } from './http-exchange.ts'
import type { RegistrySession } from './registry-session.ts'
import { retrying, TransientError } from './retry.ts'

export interface UploadOptions {
  /** Another repository of the same registry that may hold the blob already. */
  readonly mountFrom?: string
  /** Sends pieces of this size instead of the whole; also done when a proxy finds the whole too large. */
  readonly chunkBytes?: number
  readonly onProgress?: (progress: UploadProgress) => void
}

export interface UploadProgress {
  readonly blob: Blob['descriptor']
  readonly sentBytes: number
  readonly state: 'uploading' | 'uploaded' | 'present' | 'mounted'
}

const FALLBACK_CHUNK_BYTES = 8 * 1024 * 1024

/**
 * Uploads a blob (OCI distribution specification v1.1, "Pushing Blobs") unless the repository has it or can mount it:
 * as a whole, or in chunks. What breaks is begun anew.
 *
 * @throws {ProblemError} BCN_OCI_DENIED, BCN_OCI_REGISTRY_ANSWER, BCN_OCI_UNREACHABLE, and what reading the blob throws.
 */
export async function uploadBlob(
  session: RegistrySession,
  blob: Blob,
  options: UploadOptions = {},
): Promise<UploadProgress['state']> {
  let { chunkBytes } = options
  const report = (state: UploadProgress['state'], sentBytes: number): void =>
    options.onProgress?.({ blob: blob.descriptor, sentBytes, state })
  const state = await restarting(session, async () => {
    if (await isPresent(session, blob)) return 'present'
    const start = await startUpload(session, blob, options.mountFrom)
    if (start === undefined) return 'mounted'
    const upload: Upload = { session, blob, report: (sentBytes) => report('uploading', sentBytes) }
    if (chunkBytes === undefined && (await sendWhole(upload, start.location))) return 'uploaded'
    const isRefused = chunkBytes === undefined
    chunkBytes ??= FALLBACK_CHUNK_BYTES
    const fresh = isRefused ? await startUpload(session, blob, undefined) : start
    if (fresh !== undefined) await sendChunks(upload, fresh, Math.max(chunkBytes, fresh.minChunkBytes))
    return 'uploaded'
  })
  report(state, blob.descriptor.size)
  return state
}

interface Upload {
  readonly session: RegistrySession
  readonly blob: Blob
  readonly report: (sentBytes: number) => void
}

interface UploadStart {
  readonly location: URL
  readonly minChunkBytes: number
}

async function isPresent(session: RegistrySession, { descriptor }: Blob): Promise<boolean> {
  const to = `blobs/${descriptor.digest}`
  const answer = await session.attempt({ method: 'HEAD', to, action: 'push', expected: [200, 404] })
  await discard(answer)
  return answer.status === 200
}

async function startUpload(
  session: RegistrySession,
  { descriptor }: Blob,
  mountFrom: string | undefined,
): Promise<UploadStart | undefined> {
  const query =
    mountFrom === undefined
      ? ''
      : `?${new URLSearchParams({ mount: descriptor.digest, from: mountFrom }).toString()}`
  const answer = await session.attempt({
    method: 'POST',
    to: `blobs/uploads/${query}`,
    body: { sizeBytes: 0, open: () => new Uint8Array() },
    action: 'push',
    expected: [201, 202],
  })
  await discard(answer)
  if (answer.status === 201 && mountFrom !== undefined) return undefined
  const minChunkBytes = Number(answer.headers.get('oci-chunk-min-length') ?? 0)
  return {
    location: session.locationOf(answer),
    minChunkBytes: Number.isSafeInteger(minChunkBytes) ? minChunkBytes : 0,
  }
}

/** Sends the blob in one request; false where something on the way finds it too large. */
async function sendWhole({ session, blob, report }: Upload, location: URL): Promise<boolean> {
  const answer = await session.attempt({
    method: 'PUT',
    to: withDigest(location, blob),
    headers: { 'content-type': 'application/octet-stream' },
    body: { sizeBytes: blob.descriptor.size, open: () => counted(blob.read(), report) },
    action: 'push',
    expected: [201, 404, 413],
  })
  await discard(answer)
  if (answer.status === 404) throw new UploadLostError(answer)
  if (answer.status === 201) compareDigest(answer, blob)
  return answer.status === 201
}

async function sendChunks(upload: Upload, start: UploadStart, chunkBytes: number): Promise<void> {
  const { session, blob, report } = upload
  let location = start.location
  let sentBytes = 0
  for await (const chunk of chunked(blob.read(), chunkBytes)) {
    location = await sendChunk(upload, { location, chunk, offset: sentBytes })
    sentBytes += chunk.byteLength
    report(sentBytes)
  }
  const answer = await session.attempt({
    method: 'PUT',
    to: withDigest(location, blob),
    body: { sizeBytes: 0, open: () => new Uint8Array() },
    action: 'push',
    expected: [201, 404],
  })
  await discard(answer)
  if (answer.status === 404) throw new UploadLostError(answer)
  compareDigest(answer, blob)
}

interface Chunk {
  readonly location: URL
  readonly chunk: Buffer
  readonly offset: number
}

/** Sends a chunk; one whose answer was lost is asked after before it is sent again. */
async function sendChunk({ session }: Upload, { location, chunk, offset }: Chunk): Promise<URL> {
  const end = offset + chunk.byteLength - 1
  return retrying(session.host, async (attempt) => {
    if (attempt > 1) {
      const status = await session.attempt({
        method: 'GET',
        to: location,
        action: 'push',
        expected: [204, 404],
      })
      await discard(status)
      if (status.headers.get('range') === `0-${end}`) return session.locationOf(status)
    }
    const answer = await session.attempt({
      method: 'PATCH',
      to: location,
      headers: { 'content-type': 'application/octet-stream', 'content-range': `${offset}-${end}` },
      body: { sizeBytes: chunk.byteLength, open: () => chunk },
      action: 'push',
      expected: [202, 404, 416],
    })
    await discard(answer)
    if (answer.status !== 202) throw new UploadLostError(answer)
    return session.locationOf(answer)
  })
}

/** The registry forgot an upload in its middle; it can be begun anew. */
class UploadLostError extends Error {
  readonly answer: HttpAnswer

  constructor(answer: HttpAnswer) {
    super('the upload was lost')
    this.answer = answer
  }
}

function restarting<T>({ host }: RegistrySession, run: () => Promise<T>): Promise<T> {
  return retrying(host, async () => {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof UploadLostError)) throw error
      const { url, status } = error.answer
      const reason = `status ${status} in the middle of an upload`
      throw new TransientError(
        problems.BCN_OCI_REGISTRY_ANSWER({ url: plainUrl(url), reason }, { cause: error }),
      )
    }
  })
}

function compareDigest({ headers, url }: HttpAnswer, { descriptor }: Blob): void {
  const actual = headers.get('docker-content-digest')
  if (actual === null || actual === descriptor.digest) return
  const reason = `the digest ${actual} for content that has ${descriptor.digest}`
  throw problems.BCN_OCI_REGISTRY_ANSWER({ url: plainUrl(url), reason })
}

function withDigest(location: URL, { descriptor }: Blob): URL {
  const url = new URL(location)
  url.searchParams.set('digest', descriptor.digest)
  return url
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  report: (sentBytes: number) => void,
): AsyncIterable<Uint8Array> {
  let sentBytes = 0
  for await (const chunk of chunks) {
    yield chunk
    sentBytes += chunk.byteLength
    report(sentBytes)
  }
}

async function* chunked(chunks: AsyncIterable<Uint8Array>, chunkBytes: number): AsyncIterable<Buffer> {
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  for await (const chunk of chunks) {
    for (let rest = chunk; rest.byteLength > 0;) {
      const part = rest.subarray(0, chunkBytes - waitingBytes)
      rest = rest.subarray(part.byteLength)
      waiting.push(part)
      waitingBytes += part.byteLength
      if (waitingBytes < chunkBytes) continue
      yield Buffer.concat(waiting)
      waiting = []
      waitingBytes = 0
    }
  }
  if (waitingBytes > 0) yield Buffer.concat(waiting)
}
