import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'

import { configProblems, findProject, loadProject, type Project } from '../../config/index.ts'

/** What `lint` is to look at. */
export interface LintTarget {
  /** Absolute path; references do not leave this folder. */
  readonly root: string
  /** Root documents: POSIX paths relative to the root. */
  readonly paths: readonly string[]
  /** The names of the project's plugins; undefined without a project. */
  readonly plugins: ReadonlySet<string> | undefined
}

/**
 * Without files, the project around the folder; a barbacane.yaml stands for its descriptions; other files are linted
 * as root documents, in the project when it holds all of them, otherwise by themselves.
 *
 * @throws {ProblemError} BCN_CONFIG_NO_PROJECT, and what `loadProject` throws.
 */
export async function findLintTarget(files: readonly string[], cwd: string): Promise<LintTarget> {
  const named = files.map((file) => resolve(cwd, file))
  const manifests = named.filter((file) => basename(file) === 'barbacane.yaml')
  const manifest = manifests[0] ?? (await findProject(cwd))
  if (manifest === undefined && named.length === 0)
    throw configProblems.BCN_CONFIG_NO_PROJECT({ folder: cwd })
  const documents = named.filter((file) => file !== manifest)
  const project = manifest === undefined ? undefined : await projectOf(manifest, cwd, documents)
  const root = project?.root ?? commonFolder([cwd, ...documents.map((file) => dirname(file))])
  const own = manifests.length > 0 || named.length === 0 ? (project?.specs ?? []) : []
  const paths = [...own, ...documents.map((file) => relative(root, file).split(sep).join('/'))]
  return { root, paths: [...new Set(paths)], plugins: project && new Set(project.plugins.keys()) }
}

async function projectOf(
  manifest: string,
  cwd: string,
  documents: readonly string[],
): Promise<Project | undefined> {
  if (!documents.every((file) => isBelow(dirname(manifest), file))) return undefined
  // Shown as the user sees it from here.
  const shown = relative(cwd, manifest)
  return loadProject(isAbsolute(shown) ? manifest : shown)
}

function commonFolder(folders: readonly string[]): string {
  return folders.reduce((common, folder) => {
    let candidate = common
    while (!isBelow(candidate, join(folder, '.'))) candidate = dirname(candidate)
    return candidate
  })
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`))
}
