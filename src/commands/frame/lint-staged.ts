import { join, posix, relative, resolve, sep } from 'node:path'

import { lockPathOf } from '../../config/index.ts'
import { isProblemError, isRemoteDocument, ProblemError, type Finding } from '../../domain/index.ts'
import type { StagedFiles } from '../../git/index.ts'
import { commandProblems as problems } from '../problems.ts'
import { lintFiles, type Linted, type LintOptions } from './lint-files.ts'
import { errorSeenFrom } from './seen-from.ts'

const MANIFEST = 'barbacane.yaml'

/**
 * Lints what the next commit will have: in each project with a staged change, every root document that reaches a
 * changed file. Nothing of the work tree is read.
 *
 * @param files only these changes count, as hooks pass them; without any, all.
 * @returns no roots where nothing that is staged concerns a project. Files are relative to the top of the work tree.
 * @throws {ProblemError} BCN_LINT_NOT_IN_GIT, BCN_GIT_FAILED, BCN_CONFIG_…
 */
export async function lintStaged(files: readonly string[], options: LintOptions): Promise<Linted> {
  const { readStagedFiles } = await import('../../git/index.ts')
  const staged = await readStagedFiles(options.cwd, MANIFEST)
  if (staged === undefined) throw problems.BCN_LINT_NOT_IN_GIT({ folder: options.cwd })
  const named = new Set(files.map((file) => pathBelow(staged.top, resolve(options.cwd, file))))
  const changed = staged.changed.filter((path) => named.size === 0 || named.has(path))
  const folders = new Map<string, string[]>()
  for (const path of changed) {
    const folder = projectOf(path, staged.named)
    if (folder !== undefined) folders.set(folder, [...(folders.get(folder) ?? []), path])
  }
  const projects = []
  for (const [folder, paths] of folders) projects.push(await lintProjectOf(staged, folder, paths, options))
  const texts = new Map(projects.flatMap(({ texts }) => [...texts]))
  return {
    root: staged.top,
    roots: projects.flatMap(({ roots }) => roots),
    files: projects.flatMap(({ files }) => files).toSorted(),
    findings: projects.flatMap(({ findings }) => findings),
    isWhole: false,
    sourceOf: (file) => texts.get(file),
  }
}

interface StagedProject extends Pick<Linted, 'roots' | 'files' | 'findings'> {
  readonly texts: ReadonlyMap<string, string>
}

async function lintProjectOf(
  staged: StagedFiles,
  folder: string,
  changed: readonly string[],
  options: LintOptions,
): Promise<StagedProject> {
  const inTree = (path: string) => (isRemoteDocument(path) ? path : posix.join(folder, path))
  return staged.withFiles(folder, async (copy) => {
    try {
      const linted = await lintFiles([join(copy, MANIFEST)], options)
      const roots = affectedRoots(linted, new Set(changed.map((path) => posix.relative(folder, path))))
      const reached = new Set([MANIFEST, ...roots.flatMap((root) => [...linted.reachedFrom(root)])])
      const files = linted.files.filter((file) => roots.length > 0 && reached.has(file))
      const move = (finding: Finding) => ({
        ...finding,
        at: { ...finding.at, file: inTree(finding.at.file) },
      })
      return {
        roots: roots.map(inTree),
        files: files.map(inTree),
        findings: linted.findings.filter(({ at }) => files.includes(at.file)).map(move),
        texts: new Map(files.map((file) => [inTree(file), linted.sourceOf(file) ?? ''])),
      }
    } catch (error) {
      throw seenInTree(error, copy, { root: join(staged.top, folder), cwd: options.cwd })
    }
  })
}

function affectedRoots(linted: Awaited<ReturnType<typeof lintFiles>>, changed: ReadonlySet<string>) {
  if (changed.has(MANIFEST) || changed.has(lockPathOf(MANIFEST))) return linted.roots
  return linted.roots.filter((root) => [...linted.reachedFrom(root)].some((file) => changed.has(file)))
}

/** The folder of the nearest project above a file. */
function projectOf(path: string, manifests: readonly string[]): string | undefined {
  const known = new Set(manifests)
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    const inTree = folder === '.' ? '' : folder
    if (known.has(posix.join(inTree, MANIFEST))) return inTree
    if (inTree === '') return undefined
  }
}

/** A problem of the copy, told of the file that it is a copy of. */
function seenInTree(
  error: unknown,
  copy: string,
  viewpoint: { readonly root: string; readonly cwd: string },
): unknown {
  const moved = errorSeenFrom(error, viewpoint)
  if (!isProblemError(moved)) return moved
  const folder = pathBelow(viewpoint.cwd, viewpoint.root) || '.'
  const message = moved.problem.message.replaceAll(`${copy}${sep}`, `${folder}/`).replace(/(^|\s)\.\//, '$1')
  return new ProblemError({ ...moved.problem, message }, error)
}

function pathBelow(root: string, file: string): string {
  return relative(root, file).split(sep).join('/')
}
