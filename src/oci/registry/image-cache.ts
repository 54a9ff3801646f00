import { mkdir, readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

import { writeFileAtomic } from '../../artifact/index.ts'
import { digestOf, isNotFound, systemReason, type Digest, type Host } from '../../domain/index.ts'
import { ociProblems as problems } from '../problems.ts'

/**
 * Files of one image or plugin, kept under the digest of its manifest, or of a module or document, kept under its own.
 * Nothing in it is believed: readers verify it from the digest they were given, and what does not hold is fetched again.
 */
export interface ImageCache {
  readonly folder: string
  /** The manifest, where it is there and has the digest. */
  readonly readManifest: () => Promise<Buffer | undefined>
  readonly read: (name: string) => Promise<Buffer | undefined>
  readonly list: () => Promise<readonly string[]>
  /** Stores the files, the manifest last: without it the others do not count. */
  readonly write: (files: ReadonlyMap<string, Uint8Array>, manifest?: Uint8Array) => Promise<void>
}

const MANIFEST = 'manifest.json'

/** The cache of a manifest: below BARBACANE_CACHE_DIR, else XDG_CACHE_HOME, else `~/.cache`. */
export function imageCache(
  kind: 'documents' | 'images' | 'modules' | 'plugins',
  digest: Digest,
  { env }: Host,
): ImageCache {
  const caches = env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache')
  const root = env['BARBACANE_CACHE_DIR'] || join(caches, 'barbacane')
  const folder = join(root, kind, digest.slice('sha256:'.length))
  const read = (name: string) => readIfThere(join(folder, name), () => readFile(join(folder, name)))
  return {
    folder,
    read,
    readManifest: async () => {
      const bytes = await read(MANIFEST)
      return bytes !== undefined && digestOf(bytes) === digest ? bytes : undefined
    },
    list: async () => (await readIfThere(folder, () => readdir(folder)))?.toSorted() ?? [],
    write: async (files, manifest) => {
      try {
        await mkdir(folder, { recursive: true })
      } catch (error) {
        throw problems.BCN_OCI_NOT_WRITTEN({ path: folder, reason: systemReason(error) }, { cause: error })
      }
      const last = manifest === undefined ? [] : [[MANIFEST, manifest] as const]
      for (const [name, bytes] of [...files, ...last]) {
        await writeFileAtomic(join(folder, name), bytes)
      }
    },
  }
}

async function readIfThere<T>(path: string, run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run()
  } catch (error) {
    if (isNotFound(error)) return undefined
    const reason = `it cannot even be read, ${systemReason(error)}`
    throw problems.BCN_OCI_NOT_WRITTEN({ path, reason }, { cause: error })
  }
}
