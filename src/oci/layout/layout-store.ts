import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { ifFound, isProblemError, systemReason, type Digest } from '../../domain/index.ts'
import { collect, type ContentSource } from '../content/blob.ts'
import { parseIndex, type ImageIndex } from '../content/image-manifest.ts'
import { ociLimits } from '../content/limits.ts'
import { parseJsonObject } from '../content/parse-json.ts'
import { ociProblems as problems } from '../problems.ts'
import { readTar, TarError, type RandomAccess } from './read-tar.ts'

/** An OCI image layout whose content is read on demand. */
export interface LayoutStore extends ContentSource {
  readonly index: ImageIndex
}

interface FileRegion {
  readonly path: string
  readonly offset: number
  readonly sizeBytes: number
}

type Locate = (name: string) => Promise<FileRegion | undefined>

const READ_BYTES = 1024 * 1024

/**
 * Opens an image layout, a folder or a tar file, and reads its `oci-layout` and `index.json`.
 *
 * @throws {ProblemError} BCN_OCI_LAYOUT_UNREADABLE, BCN_OCI_LAYOUT_MALFORMED, BCN_OCI_MANIFEST_MALFORMED
 */
export async function openLayout(path: string): Promise<LayoutStore> {
  const locate = await readable(path, async () =>
    (await stat(path)).isDirectory() ? inFolder(path) : await inArchive(path),
  )
  const version = parseJsonObject(await readSmall(path, locate, 'oci-layout'))
  if (typeof version === 'string' || version['imageLayoutVersion'] !== '1.0.0') {
    throw problems.BCN_OCI_LAYOUT_MALFORMED({ path, reason: 'its oci-layout does not say version 1.0.0' })
  }
  const index = parseIndex(await readSmall(path, locate, 'index.json'), 'index.json')
  return {
    name: `the layout ${path}`,
    index,
    open: ({ digest }) => readBlobFile(path, locate, digest),
  }
}

async function* readBlobFile(path: string, locate: Locate, digest: Digest): AsyncIterable<Uint8Array> {
  const region = await readable(path, () => locate(`blobs/sha256/${digest.slice('sha256:'.length)}`))
  if (region === undefined) throw problems.BCN_OCI_BLOB_MISSING({ digest, name: `the layout ${path}` })
  yield* readRegion(region)
}

async function* readRegion({ path, offset, sizeBytes }: FileRegion): AsyncIterable<Uint8Array> {
  const file = await readable(path, () => open(path, 'r'))
  try {
    for (let done = 0; done < sizeBytes;) {
      const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, sizeBytes - done))
      const { bytesRead } = await readable(path, () => file.read(buffer, 0, buffer.byteLength, offset + done))
      if (bytesRead === 0) return
      done += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

async function readSmall(path: string, locate: Locate, name: string): Promise<Buffer> {
  const region = await readable(path, () => locate(name))
  if (region === undefined) throw problems.BCN_OCI_LAYOUT_UNREADABLE({ path, reason: `it has no ${name}` })
  if (region.sizeBytes > ociLimits.maxManifestBytes) {
    const what = `${name} has ${region.sizeBytes} bytes`
    throw problems.BCN_OCI_TOO_LARGE({ what, limit: ociLimits.maxManifestBytes })
  }
  return collect(readRegion(region))
}

function inFolder(root: string): Locate {
  return async (name) => {
    const path = join(root, name)
    const found = await ifFound(stat(path))
    return found?.isFile() === true ? { path, offset: 0, sizeBytes: found.size } : undefined
  }
}

async function inArchive(path: string): Promise<Locate> {
  await using file = await open(path, 'r')
  const access: RandomAccess = {
    sizeBytes: (await file.stat()).size,
    read: async (offset, length) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset)
      return buffer.subarray(0, bytesRead)
    },
  }
  const members = await readTar(access, 100_000)
  const files = new Map(members.filter(({ folder }) => !folder).map((member) => [member.path, member]))
  return async (name) => {
    const member = files.get(name)
    return member && { path, offset: member.offset, sizeBytes: member.sizeBytes }
  }
}

async function readable<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (isProblemError(error)) throw error
    if (error instanceof TarError) {
      throw problems.BCN_OCI_LAYOUT_MALFORMED({ path, reason: error.message }, { cause: error })
    }
    throw problems.BCN_OCI_LAYOUT_UNREADABLE({ path, reason: systemReason(error) }, { cause: error })
  }
}
