import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'

import {
  bareProject,
  configProblems,
  findProject,
  lintSettingsOf,
  loadProject,
  type LintSettings,
  type Lock,
  type Project,
} from '../../config/index.ts'
import { commandProblems as problems } from '../problems.ts'

/** What `lint` is to look at. */
export interface LintTarget extends LintSettings {
  /** Root documents: POSIX paths relative to the root. */
  readonly paths: readonly string[]
  /** The plugins of the project. */
  readonly pluginSources: Project['plugins']
  /** The lock of the project. */
  readonly lock: Lock
  /** True where all descriptions of a project are looked at. */
  readonly isWhole: boolean
}

/**
 * Without files, the project around the folder; a barbacane.yaml stands for its descriptions; other files are linted
 * as root documents, in the project when it holds all of them, otherwise by themselves.
 *
 * @throws {ProblemError} BCN_CONFIG_NO_PROJECT; BCN_LINT_TARGETS where a barbacane.yaml is named together with files of
 *   another project; what `loadProject` throws.
 */
export async function findLintTarget(files: readonly string[], cwd: string): Promise<LintTarget> {
  const named = [...new Set(files.map((file) => resolve(cwd, file)))]
  const manifest = named.find((file) => basename(file) === 'barbacane.yaml')
  const documents = named.filter((file) => file !== manifest)
  if (manifest !== undefined) return inProject(manifest, { documents, cwd, isWhole: true })
  const around = await findProject(cwd)
  if (around === undefined && named.length === 0) throw configProblems.BCN_CONFIG_NO_PROJECT({ folder: cwd })
  if (around !== undefined && documents.every((file) => isBelow(dirname(around), file)))
    return inProject(around, { documents, cwd, isWhole: named.length === 0 })
  const root = commonFolder([cwd, ...documents.map((file) => dirname(file))])
  const paths = documents.map((file) => pathBelow(root, file))
  const { plugins: pluginSources, lock } = bareProject(root)
  const nothing = { plugins: undefined, overlays: [], ruleSettings: [] }
  return { root, ...nothing, paths, pluginSources, lock, isWhole: false }
}

interface Wanted {
  /** Absolute paths. */
  readonly documents: readonly string[]
  readonly cwd: string
  /** The descriptions of the project too. */
  readonly isWhole: boolean
}

async function inProject(manifest: string, { documents, cwd, isWhole }: Wanted): Promise<LintTarget> {
  const folder = dirname(manifest)
  const shown = (path: string) => (isBelow(cwd, path) ? relative(cwd, path) : path)
  const stranger = documents.find((file) => !isBelow(folder, file) || basename(file) === 'barbacane.yaml')
  if (stranger !== undefined)
    throw problems.BCN_LINT_TARGETS({ manifest: shown(manifest), file: shown(stranger) })
  const project = await loadProject(shown(manifest))
  const { root, specs, plugins: pluginSources, lock } = project
  const paths = [...(isWhole ? specs : []), ...documents.map((file) => pathBelow(root, file))]
  return { ...lintSettingsOf(project), paths: [...new Set(paths)], pluginSources, lock, isWhole }
}

function pathBelow(root: string, file: string): string {
  return relative(root, file).split(sep).join('/')
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
