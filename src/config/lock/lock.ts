import type { Location } from '../../domain/index.ts'

/** What a lock says of one document of the network. */
export interface DocumentPin {
  /** Lower-case hex SHA-256 of its bytes. */
  readonly sha256: string
  readonly sizeBytes: number
  /** The media type that it was served with, without parameters; null where it had none. */
  readonly mediaType: string | null
}

/** The lock of a project: what the documents of the network that its descriptions refer to have to be. */
export interface Lock {
  /** Relative to the root of the project. */
  readonly path: string
  /** Undefined where there is no such file. */
  readonly bytes: Uint8Array | undefined
  /** By URL without fragment. */
  readonly documents: ReadonlyMap<string, DocumentPin>
  /** Where the lock pins a document. */
  readonly locate: (url: string) => Location
}

/** Where the lock of a manifest is: beside it, and called like it. */
export function lockPathOf(manifestPath: string): string {
  return `${manifestPath.replace(/\.(?:ya?ml|json)$/i, '')}.lock`
}

/** A lock that pins nothing. */
export function emptyLock(manifestPath: string): Lock {
  const path = lockPathOf(manifestPath)
  const locate = () => ({ file: path, line: 1, col: 1 })
  return { path, bytes: undefined, documents: new Map(), locate }
}
