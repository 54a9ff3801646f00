import { decodeArtifact, readArtifactBytes } from '../artifact/index.ts'
import type { SignatureStatus } from './admin/index.ts'
import type { VerifiedArtifact } from './configurations.ts'

/** Throws for an artifact that must not be served. */
export type AcceptArtifact = (bytes: Uint8Array) => Promise<SignatureStatus>

/** What may be served, with the bytes it was read from. */
export interface ReadArtifact extends VerifiedArtifact {
  readonly path: string
  readonly bytes: Buffer
}

/**
 * Reads the artifact as it is on disk now, and verifies it.
 *
 * @param accept judges the very bytes that are served
 * @throws {ProblemError} BCN_ARTIFACT_…, or what `accept` throws
 */
export async function readArtifact(path: string, accept: AcceptArtifact | undefined): Promise<ReadArtifact> {
  const bytes = await readArtifactBytes(path)
  const signature = await accept?.(bytes)
  return { path, bytes, artifact: decodeArtifact(bytes), signature }
}
