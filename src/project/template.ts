import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { comparePaths } from '../domain/index.ts'
import { readFolder } from './read-folder.ts'

export const templateNames = ['basic', 'minimal', 'bookshop'] as const

export type TemplateName = (typeof templateNames)[number]

/** The files of a new project by POSIX path. */
export type Template = ReadonlyMap<string, Uint8Array>

const SCHEMA = 'barbacane.schema.json'

/** The bookshop is an example of the repository and is not kept twice. */
const FOLDERS: Readonly<Record<TemplateName, string>> = {
  basic: 'templates/basic',
  minimal: 'templates/minimal',
  bookshop: 'examples/bookshop',
}

/**
 * Reads a template from the folder that the package is installed in, with what every project has: `.gitattributes`,
 * `.gitignore` and the schema of `barbacane.yaml` for editors, named by that file's first line.
 */
export async function readTemplate(packageRoot: string, name: TemplateName): Promise<Template> {
  const own = await readFolder(join(packageRoot, FOLDERS[name]))
  const shared = await readFolder(join(packageRoot, 'templates/shared'))
  const schema = await readFile(join(packageRoot, 'schemas', SCHEMA))
  const files: [string, Uint8Array][] = [
    ...own.map(([path, bytes]): [string, Uint8Array] => [path, pointAtSchema(path, bytes)]),
    // npm leaves files of these names out of a package, so they are stored without their dot.
    ...shared.map(([path, bytes]): [string, Uint8Array] => [`.${path}`, bytes]),
    [`.barbacane/${SCHEMA}`, schema],
  ]
  return new Map(files.toSorted(([a], [b]) => comparePaths(a, b)))
}

function pointAtSchema(path: string, bytes: Buffer): Buffer {
  if (path !== 'barbacane.yaml') return bytes
  return Buffer.from(
    bytes.toString().replace(`$schema=../../schemas/${SCHEMA}`, `$schema=.barbacane/${SCHEMA}`),
  )
}
