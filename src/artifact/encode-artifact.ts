import {
  ARTIFACT_VERSION,
  canonicalJson,
  comparePaths,
  entryPathOf,
  sha256Hex,
  type JsonValue,
  type Manifest,
} from '../domain/index.ts'
import { checksumText, CHECKSUM_ENTRY, MANIFEST_ENTRY, paddedSize } from './split-archive.ts'
import { BLOCK_BYTES, encodeHeader } from './tar-header.ts'

export interface ArtifactContent {
  /** The manifest without what follows from the entries. */
  readonly manifest: Omit<Manifest, 'barbacane_artifact_version' | 'entries'>
  /** The plan and the bytes of every input, by entry path. */
  readonly entries: ReadonlyMap<string, Uint8Array>
}

/**
 * Writes a `.bca` (DESIGN §5.4): uncompressed ustar whose bytes follow from its content alone.
 *
 * @throws {RangeError} when a path or size does not fit the format.
 */
export function encodeArtifact({ manifest, entries }: ArtifactContent): Buffer {
  const mtimeSeconds = Date.parse(manifest.build_timestamp) / 1000
  const ordered = [...entries].toSorted(([a], [b]) => comparePaths(a, b))
  // Those of inputs are known; whoever reads the artifact computes them again.
  const known = new Map(manifest.inputs.map((input) => [entryPathOf(input), input.sha256]))
  const hashes = Object.fromEntries(
    ordered.map(([path, bytes]) => [path, known.get(path) ?? sha256Hex(bytes)]),
  )
  const whole: Manifest = { ...manifest, barbacane_artifact_version: ARTIFACT_VERSION, entries: hashes }
  const manifestBytes = Buffer.from(canonicalJson(whole as unknown as JsonValue))
  const members: [string, Uint8Array][] = [[MANIFEST_ENTRY, manifestBytes], ...ordered]
  const body = Buffer.concat(members.flatMap(([path, bytes]) => encodeEntry(path, bytes, mtimeSeconds)))
  const checksum = encodeEntry(CHECKSUM_ENTRY, Buffer.from(checksumText(body)), mtimeSeconds)
  return Buffer.concat([body, ...checksum, Buffer.alloc(2 * BLOCK_BYTES)])
}

function encodeEntry(path: string, bytes: Uint8Array, mtimeSeconds: number): readonly Uint8Array[] {
  const header = encodeHeader({ path, sizeBytes: bytes.byteLength, mtimeSeconds })
  return [header, bytes, Buffer.alloc(paddedSize(bytes.byteLength) - bytes.byteLength)]
}
