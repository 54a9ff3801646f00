import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { comparePaths } from '../../domain/index.ts'
import type { Language } from '../plugin-project.ts'

export interface NewPlugin {
  readonly name: string
  readonly language: Language
  /** Of barbacane, whose SDK a plugin uses. */
  readonly version: string
}

/**
 * The files of a new plugin by POSIX path: what plugins of every language have, and those of this one.
 *
 * @param packageRoot the folder that barbacane is installed in
 */
export async function planPlugin(
  packageRoot: string,
  { name, language, version }: NewPlugin,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const folders = ['shared', language].map((folder) => join(packageRoot, 'templates/plugin', folder))
  const files = (await Promise.all(folders.map(readTexts))).flat()
  const fill = (text: string) => text.replaceAll('{{name}}', name).replaceAll('{{version}}', version)
  const entries = files.map(([path, text]): [string, Uint8Array] => [path, Buffer.from(fill(text))])
  return new Map(entries.toSorted(([a], [b]) => comparePaths(a, b)))
}

/** npm leaves files of some names out of a package, so that `dot-` stands for their dot. */
async function readTexts(folder: string): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name)
        const shown = path
          .slice(folder.length + 1)
          .replaceAll('\\', '/')
          .replaceAll(/(^|\/)dot-/g, '$1.')
        return [shown, await readFile(path, 'utf8')] as const
      }),
  )
}
