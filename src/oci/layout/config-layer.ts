import { gunzip } from 'node:zlib'
import { promisify } from 'node:util'

import type { Artifact } from '../../artifact/index.ts'
import { digestOf, type Digest } from '../../domain/index.ts'
import { bytesBlob, type Blob } from '../content/blob.ts'
import type { Descriptor } from '../content/descriptor.ts'
import { ociLimits } from '../content/limits.ts'
import { mediaTypes, ociMediaType } from '../content/media-types.ts'
import { ociProblems as problems } from '../problems.ts'
import { bufferAccess, readTar, TarError } from './read-tar.ts'
import { storedGzip } from './stored-gzip.ts'
import { tarArchive } from './tar-entry.ts'

/** Where the artifact stands in the root file system of an image. */
export const ARTIFACT_PATH = '/config/api.bca'
const SBOM_PATH = '/config/sbom.cdx.json'

export interface ConfigFiles {
  readonly artifact: Uint8Array
  readonly sbom: Uint8Array | undefined
}

export interface ConfigLayer {
  readonly blob: Blob
  /** Digest of the uncompressed archive, for the configuration's `diff_ids`. */
  readonly diffId: Digest
}

/** The one layer that carries the artifact: folder 0755, files 0444, owner 0, times of the build. */
export function encodeConfigLayer(files: ConfigFiles, mtimeSeconds: number): ConfigLayer {
  const tar = configTar(files, mtimeSeconds)
  return { blob: bytesBlob(mediaTypes.layerGzip, storedGzip(tar)), diffId: digestOf(tar) }
}

/**
 * Reads the layer back: it must be, byte for byte, the archive that this version writes for the files it holds,
 * whatever compressed it.
 *
 * @throws {ProblemError} BCN_OCI_LAYER_MALFORMED, BCN_OCI_NO_ARTIFACT
 */
export async function decodeConfigLayer(
  { mediaType, digest }: Descriptor,
  bytes: Buffer,
  diffId: Digest,
): Promise<ConfigFiles & { readonly verifyTimes: (artifact: Artifact) => void }> {
  const tar = await uncompress(ociMediaType(mediaType), bytes, digest)
  const actual = digestOf(tar)
  if (actual !== diffId)
    throw malformed(digest, `its archive has the digest ${actual}, the configuration says ${diffId}`)
  const files = await filesOf(tar, digest)
  const verifyTimes = ({ manifest }: Artifact): void => {
    if (configTar(files, secondsOf(manifest.build_timestamp)).equals(tar)) return
    throw malformed(digest, 'its archive has other headers or entries than this version writes')
  }
  return { ...files, verifyTimes }
}

/** Whole seconds since the epoch of a build timestamp. */
export function secondsOf(timestamp: string): number {
  return Date.parse(timestamp) / 1000
}

function configTar({ artifact, sbom }: ConfigFiles, mtimeSeconds: number): Buffer {
  const files = [
    { path: ARTIFACT_PATH.slice(1), mode: 0o444, bytes: artifact },
    ...(sbom === undefined ? [] : [{ path: SBOM_PATH.slice(1), mode: 0o444, bytes: sbom }]),
  ]
  return tarArchive([{ path: 'config/', mode: 0o755 }, ...files], mtimeSeconds)
}

async function uncompress(mediaType: string, bytes: Buffer, digest: Digest): Promise<Buffer> {
  if (mediaType === mediaTypes.layerTar) return bytes
  if (mediaType !== mediaTypes.layerGzip) throw malformed(digest, `its media type is ${mediaType}`)
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: ociLimits.maxLayerBytes })
  } catch (error) {
    throw malformed(digest, `it cannot be uncompressed (${(error as Error).message})`, error)
  }
}

async function filesOf(tar: Buffer, digest: Digest): Promise<ConfigFiles> {
  try {
    const members = await readTar(bufferAccess(tar), 1000)
    const content = (path: string): Buffer | undefined => {
      const member = members.find((entry) => !entry.folder && `/${entry.path}` === path)
      return member && tar.subarray(member.offset, member.offset + member.sizeBytes)
    }
    const artifact = content(ARTIFACT_PATH)
    if (artifact === undefined) {
      throw problems.BCN_OCI_NO_ARTIFACT({ digest, reason: `its last layer has no ${ARTIFACT_PATH}` })
    }
    return { artifact, sbom: content(SBOM_PATH) }
  } catch (error) {
    if (error instanceof TarError) throw malformed(digest, error.message, error)
    throw error
  }
}

function malformed(digest: Digest, reason: string, cause?: unknown) {
  return problems.BCN_OCI_LAYER_MALFORMED({ digest, reason }, { cause })
}
