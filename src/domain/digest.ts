import { createHash, hash, timingSafeEqual } from 'node:crypto'

/** A SHA-256 digest in the notation of the OCI image specification: `sha256:` and 64 lower-case hex digits. */
export type Digest = `sha256:${string}`

const DIGEST = /^sha256:[0-9a-f]{64}$/

/** The lower-case hex SHA-256 of the bytes (or of a string's UTF-8). */
export function sha256Hex(bytes: Uint8Array | string): string {
  return hash('sha256', bytes, 'hex')
}

/** The SHA-256 of the bytes as a {@link Digest}. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${sha256Hex(bytes)}`
}

/** True where the text is a well-formed {@link Digest}. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && DIGEST.test(text)
}

/** Compares two texts in time that does not depend on where they differ. */
export function equalsConstantTime(a: string, b: string): boolean {
  const left = createHash('sha256').update(a).digest()
  const right = createHash('sha256').update(b).digest()
  return timingSafeEqual(left, right)
}

/** The object id git gives to a blob of these bytes (SHA-1 object format, `git hash-object`). */
export function gitBlobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex')
}
