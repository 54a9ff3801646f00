import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'

import {
  bareProject,
  configProblems,
  findProject,
  loadProject,
  type Lock,
  type RuleSetting,
} from '../../config/index.ts'
import { commandProblems as problems } from '../problems.ts'

/** What `lint` is to look at. */
export interface LintTarget {
  /** Absolute path; references do not leave this folder. */
  readonly root: string
  /** Root documents: POSIX paths relative to the root. */
  readonly paths: readonly string[]
  /** The names of the project's plugins; undefined without a project. */
  readonly plugins: ReadonlySet<string> | undefined
  /** The overlays of the project. */
  readonly overlays: readonly string[]
  /** `lint.rules` of the project. */
  readonly ruleSettings: readonly RuleSetting[]
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
  const { lock } = bareProject(root)
  return { root, paths, plugins: undefined, overlays: [], ruleSettings: [], lock, isWhole: false }
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
  const { root, specs, plugins, overlays, ruleSettings, lock } = await loadProject(shown(manifest))
  const paths = [...(isWhole ? specs : []), ...documents.map((file) => pathBelow(root, file))]
  const names = new Set(plugins.keys())
  return { root, paths: [...new Set(paths)], plugins: names, overlays, ruleSettings, lock, isWhole }
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
