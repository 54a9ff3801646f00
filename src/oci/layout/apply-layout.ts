import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { platform } from 'node:os'
import { basename, dirname, join } from 'node:path'

import { ifFound, isProblemError, systemReason, type Digest } from '../../domain/index.ts'
import { bytesBlob, type Blob } from '../content/blob.ts'
import { mediaTypes } from '../content/media-types.ts'
import { ociProblems as problems } from '../problems.ts'
import type { ImagePlan } from './plan-image.ts'
import { tarEnd, tarHeader, tarPadding } from './tar-entry.ts'

/** `oci-layout` (OCI image specification v1.1, image-layout.md). */
const OCI_LAYOUT = '{"imageLayoutVersion":"1.0.0"}'

/**
 * Writes a planned image as an OCI image layout: a tar where the path ends with `.tar`, else a folder. It is written
 * beside the target and renamed, so that nobody sees half of it; only another layout is replaced.
 *
 * @throws {ProblemError} BCN_OCI_TARGET, BCN_OCI_NOT_WRITTEN, and what verifying a base's layers throws.
 */
export async function applyLayout(plan: ImagePlan, path: string, signal?: AbortSignal): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.tmp-${randomBytes(6).toString('hex')}`)
  const archive = path.endsWith('.tar')
  try {
    await refuseOtherTarget(path, archive)
    await (archive ? writeArchive : writeFolder)(plan, temporary, signal)
    await replace(temporary, path, archive)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    if (isProblemError(error) || signal?.aborted === true) throw error
    throw problems.BCN_OCI_NOT_WRITTEN({ path, reason: systemReason(error) }, { cause: error })
  }
}

/** Every blob of the layout once, in the order of their digests. */
function blobsOf({ image, referrers }: ImagePlan): readonly Blob[] {
  const blobs = new Map<Digest, Blob>()
  for (const { bytes, blobs: content } of [image, ...referrers]) {
    for (const blob of [bytesBlob(mediaTypes.manifest, bytes), ...content])
      blobs.set(blob.descriptor.digest, blob)
  }
  return [...blobs.values()].toSorted((a, b) => (a.descriptor.digest < b.descriptor.digest ? -1 : 1))
}

async function writeFolder(plan: ImagePlan, root: string, signal?: AbortSignal): Promise<void> {
  const blobs = join(root, 'blobs', 'sha256')
  // Not with all parents: a mistyped path is not made, and nothing is left behind.
  await mkdir(root)
  await mkdir(blobs, { recursive: true })
  const files: [string, Blob][] = [
    [join(root, 'oci-layout'), bytesBlob('', Buffer.from(OCI_LAYOUT))],
    [join(root, 'index.json'), bytesBlob('', plan.index)],
    ...blobsOf(plan).map((blob): [string, Blob] => [join(blobs, hexOf(blob)), blob]),
  ]
  for (const [path, blob] of files) {
    signal?.throwIfAborted()
    await using file = await open(path, 'wx', 0o644)
    await copy(blob, file, signal)
    await file.sync()
  }
  for (const folder of [blobs, join(root, 'blobs'), root]) await syncFolder(folder)
}

async function writeArchive(plan: ImagePlan, path: string, signal?: AbortSignal): Promise<void> {
  await using file = await open(path, 'wx', 0o644)
  const add = async (name: string, mode: number, blob?: Blob): Promise<void> => {
    signal?.throwIfAborted()
    const sizeBytes = blob?.descriptor.size ?? 0
    await file.write(tarHeader({ path: name, mode, sizeBytes, mtimeSeconds: plan.mtimeSeconds }))
    if (blob !== undefined) await copy(blob, file, signal)
    await file.write(tarPadding(sizeBytes))
  }
  await add('oci-layout', 0o644, bytesBlob('', Buffer.from(OCI_LAYOUT)))
  await add('index.json', 0o644, bytesBlob('', plan.index))
  await add('blobs/', 0o755)
  await add('blobs/sha256/', 0o755)
  for (const blob of blobsOf(plan)) await add(`blobs/sha256/${hexOf(blob)}`, 0o644, blob)
  await file.write(tarEnd)
  await file.sync()
}

async function copy(blob: Blob, file: FileHandle, signal?: AbortSignal): Promise<void> {
  for await (const chunk of blob.read()) {
    signal?.throwIfAborted()
    await file.writeFile(chunk)
  }
}

function hexOf({ descriptor }: Blob): string {
  return descriptor.digest.slice('sha256:'.length)
}

async function refuseOtherTarget(path: string, archive: boolean): Promise<void> {
  const found = await ifFound(stat(path))
  if (found === undefined || (archive && found.isFile())) return
  if (!archive && found.isDirectory() && (await ifFound(stat(join(path, 'oci-layout'))))?.isFile() === true)
    return
  throw problems.BCN_OCI_TARGET({ path })
}

async function replace(temporary: string, path: string, archive: boolean): Promise<void> {
  if (archive || (await ifFound(stat(path))) === undefined) return rename(temporary, path)
  // A folder cannot be renamed over another one: the old one steps aside first and back if that fails.
  const old = `${temporary}-old`
  await rename(path, old)
  try {
    await rename(temporary, path)
  } catch (error) {
    await rename(old, path)
    throw error
  }
  await rm(old, { recursive: true, force: true })
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; there the rename is durable by itself.
  if (platform() === 'win32') return
  await using folder = await open(path, 'r')
  await folder.sync()
}
