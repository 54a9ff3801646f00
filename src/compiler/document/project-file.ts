import { readFile, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/** A larger file is not read; the largest public description (GitHub) has 13 MB. */
const MAX_FILE_BYTES = 50 * 1024 * 1024

export type FileFault = 'missing' | 'outside' | 'too-large' | 'not-a-file' | 'unreadable'

/**
 * Reads a file of a project. A symbolic link is followed only while it stays within the project.
 *
 * @param realRoot the project root with its own links resolved.
 * @param path project-relative POSIX path.
 */
export async function readProjectFile(
  realRoot: string,
  path: string,
): Promise<{ readonly bytes: Uint8Array } | { readonly fault: FileFault; readonly reason: string }> {
  try {
    const real = await realpath(join(realRoot, path))
    const within = relative(realRoot, real)
    if (within === '..' || within.startsWith(`..${sep}`)) {
      return { fault: 'outside', reason: 'it is a link to a place outside of the project' }
    }
    const stats = await stat(real)
    if (!stats.isFile()) return { fault: 'not-a-file', reason: 'it is not a file' }
    if (stats.size > MAX_FILE_BYTES) {
      return { fault: 'too-large', reason: `it has ${stats.size} bytes, more than ${MAX_FILE_BYTES}` }
    }
    return { bytes: await readFile(real) }
  } catch (error) {
    return faultOf(error)
  }
}

function faultOf(error: unknown): { readonly fault: FileFault; readonly reason: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT' || code === 'ENOTDIR') return { fault: 'missing', reason: 'it does not exist' }
  if (code === '') throw error
  return { fault: 'unreadable', reason: `it cannot be read (${code})` }
}
