import type { Digest, Manifest } from '../domain/index.ts'
import { defaultLimits, type ReaderLimits } from './limits.ts'
import { parseManifest } from './parse-manifest.ts'
import { artifactProblems as problems } from './problems.ts'
import { splitArchive, type ArchiveEntry } from './split-archive.ts'
import { verifyContents } from './verify-contents.ts'

/** A verified artifact: whoever holds one may believe its manifest and its entries. */
export interface Artifact {
  readonly manifest: Manifest
  /** `artifact_digest`: the SHA-256 of the whole file. */
  readonly digest: Digest
  readonly sizeBytes: number
  /** Every entry but the manifest and the checksum, as views into the file's bytes. */
  readonly entries: ReadonlyMap<string, Buffer>
}

/**
 * Reads a `.bca` (DESIGN §5.4) and verifies all of it: the container's form, the checksum, every entry against the
 * manifest, every input against its entry, and the fingerprint.
 *
 * @param written what the entries were written from, where they were just encoded: one that is byte for byte the same
 *   has the digests that were computed of it then.
 * @throws {ProblemError} with a code `BCN_ARTIFACT_…` that names the first fault found.
 */
export function decodeArtifact(
  bytes: Uint8Array,
  limits: Partial<ReaderLimits> = {},
  written?: ReadonlyMap<string, Uint8Array>,
): Artifact {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const allLimits = { ...defaultLimits, ...limits }
  const { entries: split, digest } = splitArchive(archive, allLimits)
  const [first, ...rest] = split
  if (first === undefined) throw problems.BCN_ARTIFACT_MALFORMED({ offset: 0, reason: 'it has no manifest' })
  if (first.sizeBytes > allLimits.maxManifestBytes) {
    const what = `a manifest of ${first.sizeBytes} bytes`
    throw problems.BCN_ARTIFACT_TOO_LARGE({ what, limit: allLimits.maxManifestBytes })
  }
  const manifest = parseManifest(first.bytes)
  const entries = new Map(rest.map((entry) => [entry.path, entry.bytes]))
  verifyTimes(manifest, split)
  verifyContents(manifest, entries, written)
  return { manifest, digest, sizeBytes: archive.byteLength, entries }
}

function verifyTimes(manifest: Manifest, entries: readonly ArchiveEntry[]): void {
  const built = Date.parse(manifest.build_timestamp) / 1000
  const odd = entries.find((entry) => entry.mtimeSeconds !== built)
  if (odd === undefined) return
  const reason = `its time is not the build time ${manifest.build_timestamp}`
  throw problems.BCN_ARTIFACT_ENTRY_MISMATCH({ entry: odd.path, reason })
}
