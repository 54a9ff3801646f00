import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** The files below a folder by POSIX path; artifacts are nobody's source and left out. */
export async function readFolder(root: string): Promise<readonly (readonly [string, Buffer])[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.bca'))
    .map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(
    paths.map(async (path) => {
      const relative = path.slice(root.length + 1).split(sep)
      return [relative.join('/'), await readFile(path)] as const
    }),
  )
}
