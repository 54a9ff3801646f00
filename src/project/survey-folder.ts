import { lstat, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

import { ifFound } from '../domain/index.ts'
import { projectProblems as problems } from './problems.ts'
import type { Template } from './template.ts'

/** What stands at a path of the template: a file with the same bytes, another file, or something else. */
export type PathState = 'same' | 'different' | 'obstructed'

/** The state of every path of a template at which there is something. */
export type Survey = ReadonlyMap<string, PathState>

/**
 * Looks at what a folder has at the paths of a template, following no symbolic link at the path itself.
 *
 * @throws {ProblemError} BCN_INIT_OBSTRUCTED where the root is there and no folder.
 */
export async function surveyFolder(root: string, template: Template): Promise<Survey> {
  if (await isOtherThanFolder(root)) {
    throw problems.BCN_INIT_OBSTRUCTED({ root: dirname(root), paths: [basename(root)] })
  }
  const states = await Promise.all(
    [...template].map(async ([path, bytes]) => [path, await stateOf(join(root, path), bytes)] as const),
  )
  return new Map(states.filter((entry): entry is [string, PathState] => entry[1] !== undefined))
}

/** Whether a folder holds a project already. */
export async function isProject(root: string): Promise<boolean> {
  return (await ifFound(readFile(join(root, 'barbacane.yaml')))) !== undefined
}

/** Whether git leaves packages that npm installs there out of what it looks at. */
export async function ignoresPackages(root: string): Promise<boolean> {
  const patterns = (await ifFound(readFile(join(root, '.gitignore'), 'utf8')))?.split(/\r?\n/) ?? []
  return patterns.some((pattern) => /^\/?node_modules\/?$/.test(pattern.trim()))
}

async function isOtherThanFolder(path: string): Promise<boolean> {
  try {
    return !(await stat(path)).isDirectory()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error
    return code === 'ENOTDIR'
  }
}

async function stateOf(path: string, bytes: Uint8Array): Promise<PathState | undefined> {
  try {
    const found = await lstat(path)
    if (found.isSymbolicLink()) return 'different'
    if (!found.isFile()) return 'obstructed'
    return Buffer.compare(await readFile(path), bytes) === 0 ? 'same' : 'different'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    // A parent of the path is a file.
    if (code === 'ENOTDIR') return 'obstructed'
    throw error
  }
}
