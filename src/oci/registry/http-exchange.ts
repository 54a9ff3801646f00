import { Readable } from 'node:stream'

import { isProblemError } from '../../domain/index.ts'
import { ociProblems as problems } from '../problems.ts'
import type { RegistryHost } from './registry-host.ts'
import { TransientError } from './retry.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  /** Made anew for every attempt; a stream needs its size. */
  readonly body?: { readonly sizeBytes: number; readonly open: () => Uint8Array | AsyncIterable<Uint8Array> }
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly url: URL
  /** Fails when nothing arrives for a while. */
  readonly body: AsyncIterable<Uint8Array>
}

const DEFAULT_IDLE_MS = 60_000
/** The slowest upload that is waited for. */
const MIN_BYTES_PER_MS = 32

/**
 * Sends one request, follows no redirect, and gives up when the answer does not begin in time.
 *
 * @throws {TransientError} for everything that happens to the connection.
 */
export async function exchange(request: HttpRequest, host: RegistryHost): Promise<HttpAnswer> {
  const { method, url, headers, body } = request
  const idle = new AbortController()
  const limitMs = (host.idleMs ?? DEFAULT_IDLE_MS) + (body?.sizeBytes ?? 0) / MIN_BYTES_PER_MS
  const timer = setTimeout(
    () => idle.abort(new Error(`no answer within ${Math.round(limitMs / 1000)} s`)),
    limitMs,
  )
  try {
    const answer = await host.fetch(url, {
      method,
      redirect: 'manual',
      signal: AbortSignal.any([host.signal, idle.signal]),
      headers: {
        'accept-encoding': 'identity',
        'user-agent': 'barbacane',
        ...headers,
        ...(body === undefined ? {} : { 'content-length': String(body.sizeBytes) }),
      },
      ...(body === undefined ? {} : { body: requestBody(body.open()), duplex: 'half' }),
    })
    return { status: answer.status, headers: answer.headers, url, body: bodyOf(answer, url, host) }
  } catch (error) {
    throw transient(error, url, host)
  } finally {
    clearTimeout(timer)
  }
}

/** Reads a small body as text; more than the limit is refused. */
export async function readText({ body, url }: HttpAnswer, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength
    if (sizeBytes > maxBytes)
      throw problems.BCN_OCI_TOO_LARGE({ what: `The answer of ${plainUrl(url)}`, limit: maxBytes })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Lets the connection be used again without reading on. */
export async function discard({ body }: HttpAnswer): Promise<void> {
  await body[Symbol.asyncIterator]().return?.()
}

/** A URL for messages: queries of storage and uploads carry signatures. */
export function plainUrl(url: URL): string {
  return `${url.origin}${url.pathname}`
}

function requestBody(
  content: Uint8Array | AsyncIterable<Uint8Array>,
): Uint8Array<ArrayBuffer> | ReadableStream {
  return content instanceof Uint8Array
    ? (content as Uint8Array<ArrayBuffer>)
    : (Readable.toWeb(Readable.from(content, { objectMode: false })) as ReadableStream)
}

async function* bodyOf(answer: Response, url: URL, host: RegistryHost): AsyncIterable<Uint8Array> {
  if (answer.body === null) return
  const reader = answer.body.getReader()
  try {
    for (;;) {
      const { done, value } = await withinIdle(reader.read(), url, host)
      if (done) return
      yield value as Uint8Array
    }
  } finally {
    // Cancelling a body that is already broken fails with the fault that was reported above.
    await reader.cancel().catch(() => undefined)
  }
}

async function withinIdle<T>(read: Promise<T>, url: URL, host: RegistryHost): Promise<T> {
  const idleMs = host.idleMs ?? DEFAULT_IDLE_MS
  let timer: NodeJS.Timeout | undefined
  const idle = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing arrived for ${idleMs / 1000} s`)), idleMs)
  })
  try {
    return await Promise.race([read, idle])
  } catch (error) {
    throw transient(error, url, host)
  } finally {
    clearTimeout(timer)
  }
}

function transient(error: unknown, url: URL, host: RegistryHost): unknown {
  if (host.signal.aborted) return host.signal.reason
  const { message, cause } = error as Error
  // The content that was being sent is at fault, not the connection.
  const fault = [error, cause].find(isProblemError)
  if (fault !== undefined) return fault
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : message
  return new TransientError(problems.BCN_OCI_UNREACHABLE({ url: plainUrl(url), reason }, { cause: error }))
}
