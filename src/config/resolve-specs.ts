import { readFileSync, realpathSync, type Dirent } from 'node:fs'
import { glob, readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

import { comparePaths, ifFound, systemReason } from '../domain/index.ts'
import { projectPath } from './faults.ts'
import type { Fault } from './manifest-document.ts'
import type { ManifestContent } from './read-manifest.ts'
import { isRootDocument } from './root-documents.ts'

const DESCRIPTION = /\.(ya?ml|json)$/i
const FIX = 'Name a folder, a glob or files that exist, relative to this file.'

type Entry = ManifestContent['specs'][number]
type Report = (fault: Omit<Fault, 'at'>) => void

/**
 * The root documents that `specs` names. A file that is listed is one whatever it holds; of a folder (with the
 * folders in it) and of a glob those files are that have a root key of a description, the others are fragments.
 *
 * @returns project-relative POSIX paths in the order of their bytes, each once.
 */
export async function resolveSpecs(
  root: string,
  entries: readonly Entry[],
): Promise<{ readonly specs: readonly string[]; readonly faults: readonly Fault[] }> {
  const faults: Fault[] = []
  const found = new Set<string>()
  for (const { text, at } of entries) {
    const paths = await resolveEntry(root, text, (fault) => faults.push({ at, ...fault }))
    for (const path of paths) found.add(path)
  }
  return { specs: [...found].toSorted(comparePaths), faults }
}

async function resolveEntry(root: string, text: string, report: Report): Promise<readonly string[]> {
  const path = projectPath(text)
  const stats = await ifFound(stat(join(root, path)))
  const isFile = stats?.isFile() === true
  const isGlob = stats === undefined && /[*?[\]{}]/.test(text)
  if (!isFile && stats?.isDirectory() !== true && !isGlob) {
    report({ message: `${JSON.stringify(text)} does not exist`, hint: FIX })
    return []
  }
  const realRoot = realpathSync.native(root)
  if (!isGlob && !isWithin(realRoot, path, report)) return []
  if (isFile) return [path]
  const candidates = isGlob ? await matchGlob(root, path) : await listFolder(root, path, report)
  const roots: string[] = []
  for (const candidate of candidates) {
    if (isWithin(realRoot, candidate, report) && isDescription(realRoot, candidate, report))
      roots.push(candidate)
  }
  if (roots.length === 0) {
    const hint = 'A description is a .yaml, .yml or .json file that begins with `openapi: 3.1.0`.'
    report({ message: `There is no description in ${JSON.stringify(text)}`, hint })
  }
  return roots
}

async function matchGlob(root: string, pattern: string): Promise<readonly string[]> {
  const paths: string[] = []
  for await (const entry of glob(pattern, { cwd: root, exclude: (name) => isSkipped(name) })) {
    const path = toPosix(entry)
    if (DESCRIPTION.test(path) && (await ifFound(stat(join(root, path))))?.isFile() === true) paths.push(path)
  }
  return paths
}

async function listFolder(root: string, folder: string, report: Report): Promise<readonly string[]> {
  const paths: string[] = []
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    if (isSkipped(entry.name)) continue
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`
    const kind = await kindOf(entry, join(root, path))
    if (kind === 'folder') paths.push(...(await listFolder(root, path, report)))
    else if (kind === 'file' && DESCRIPTION.test(path)) paths.push(path)
    else if (kind === 'linked folder') {
      const hint = 'Name the folder that it leads to in `specs`, or replace the link by a folder.'
      report({ message: `${path} is a link to a folder, which is not entered`, hint })
    } else if (kind === 'lost' && DESCRIPTION.test(path)) {
      report({ message: `${path} is a link that leads nowhere`, hint: 'Correct or remove the link.' })
    }
  }
  return paths
}

type EntryKind = 'file' | 'folder' | 'linked folder' | 'lost' | 'other'

async function kindOf(entry: Dirent, path: string): Promise<EntryKind> {
  if (entry.isDirectory()) return 'folder'
  if (entry.isFile()) return 'file'
  if (!entry.isSymbolicLink()) return 'other'
  const target = await ifFound(stat(path))
  if (target === undefined) return 'lost'
  return target.isDirectory() ? 'linked folder' : target.isFile() ? 'file' : 'other'
}

// Files are looked at one after the other, in the order in which faults are reported; a call that waits takes a fraction
// of the time of one that is waited for.
function isDescription(root: string, path: string, report: Report): boolean {
  try {
    return isRootDocument(readFileSync(join(root, path), 'utf8'))
  } catch (error) {
    report({ message: `${path} cannot be read: ${systemReason(error)}`, hint: 'Check its permissions.' })
    return false
  }
}

function isWithin(realRoot: string, path: string, report: Report): boolean {
  const within = relative(realRoot, realpathSync.native(join(realRoot, path)))
  if (within !== '..' && !within.startsWith(`..${sep}`)) return true
  const hint = 'Replace the link by the file itself, below the folder of this file.'
  report({ message: `${path} is a link to a place outside of the project`, hint })
  return false
}

function isSkipped(name: string): boolean {
  return name === 'node_modules' || (name.startsWith('.') && name !== '.' && name !== '..')
}

function toPosix(path: string): string {
  return path.split(sep).join('/')
}
