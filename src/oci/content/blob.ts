import { createHash } from 'node:crypto'

import { ociProblems as problems } from '../problems.ts'
import { describeBytes, type Descriptor } from './descriptor.ts'

/** Content that can be read as often as needed; whoever reads it gets bytes that agree with the descriptor. */
export interface Blob {
  readonly descriptor: Descriptor
  readonly read: () => AsyncIterable<Uint8Array>
}

/** Where content is fetched from by its descriptor: a layout, a registry, a cache. */
export interface ContentSource {
  /** How messages name it. */
  readonly name: string
  /** The raw bytes; {@link verified} is the caller's. `manifest` selects the namespace in a registry. */
  readonly open: (descriptor: Descriptor, kind: ContentKind) => AsyncIterable<Uint8Array>
}

export type ContentKind = 'manifest' | 'blob'

/** Content held in memory. */
export function bytesBlob(
  mediaType: string,
  bytes: Uint8Array,
  annotations?: Readonly<Record<string, string>>,
): Blob {
  return { descriptor: describeBytes(mediaType, bytes, annotations), read: () => oneChunk(bytes) }
}

/** Content of a source, verified while it is read. */
export function sourceBlob(source: ContentSource, descriptor: Descriptor): Blob {
  return { descriptor, read: () => verified(source.open(descriptor, 'blob'), descriptor) }
}

/**
 * Passes content on and compares its size and SHA-256 with the descriptor; the fault comes at the latest with the
 * end, so nothing may be believed before that.
 *
 * @throws {ProblemError} BCN_OCI_SIZE_MISMATCH, BCN_OCI_DIGEST_MISMATCH
 */
async function* verified(
  chunks: AsyncIterable<Uint8Array>,
  { digest, size }: Descriptor,
): AsyncIterable<Uint8Array> {
  const hash = createHash('sha256')
  let received = 0
  for await (const chunk of chunks) {
    received += chunk.byteLength
    if (received > size)
      throw problems.BCN_OCI_SIZE_MISMATCH({ digest, expected: size, actual: `over ${size}` })
    hash.update(chunk)
    yield chunk
  }
  if (received !== size) {
    throw problems.BCN_OCI_SIZE_MISMATCH({ digest, expected: size, actual: String(received) })
  }
  const actual = `sha256:${hash.digest('hex')}`
  if (actual !== digest) throw problems.BCN_OCI_DIGEST_MISMATCH({ expected: digest, actual })
}

/**
 * Reads content into memory, verified, and no more than the limit.
 *
 * @throws {ProblemError} BCN_OCI_TOO_LARGE, BCN_OCI_SIZE_MISMATCH, BCN_OCI_DIGEST_MISMATCH
 */
export async function readVerified(
  source: ContentSource,
  descriptor: Descriptor,
  options: { readonly kind: ContentKind; readonly maxBytes: number },
): Promise<Buffer> {
  refuseLarger(descriptor, options.maxBytes)
  return collect(verified(source.open(descriptor, options.kind), descriptor))
}

/** All chunks as one buffer. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return parts.length === 1 && parts[0] !== undefined ? asBuffer(parts[0]) : Buffer.concat(parts)
}

function refuseLarger({ digest, size }: Descriptor, limit: number): void {
  if (size > limit) throw problems.BCN_OCI_TOO_LARGE({ what: `${digest} has ${size} bytes`, limit })
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

async function* oneChunk(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}
