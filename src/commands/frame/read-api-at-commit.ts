import { stat } from 'node:fs/promises'
import { join, posix, relative, resolve, sep } from 'node:path'

import {
  ifFound,
  isProblemError,
  isRemoteDocument,
  ProblemError,
  type Finding,
  type Location,
} from '../../domain/index.ts'
import { commandProblems as problems } from '../problems.ts'
import { readApi, type Api, type ApiOptions } from './read-api.ts'

/** What a commit holds. */
interface AtCommit {
  readonly ref: string
  /** As git reads it: from the top of the repository, or from the working directory behind `./`. */
  readonly path: string | undefined
}

/**
 * Reads what `A` and `B` of `diff` name: `git:REF`, `git:REF:PATH` and, where no such file is there, `REF:PATH` are
 * read from git without touching the work tree; everything else is a path.
 *
 * @throws {ProblemError} BCN_DIFF_NO_COMMIT, BCN_GIT_FAILED, or what {@link readApi} throws.
 */
export async function readNamedApi(named: string, options: ApiOptions): Promise<Api> {
  const isFile = !named.startsWith('git:') && (await ifFound(stat(resolve(options.cwd, named)))) !== undefined
  const place = isFile ? undefined : parsePlace(named)
  return place === undefined ? readApi(named, options) : readAtCommit(place, named, options)
}

function parsePlace(named: string): AtCommit | undefined {
  const isMarked = named.startsWith('git:')
  const text = isMarked ? named.slice('git:'.length) : named
  const [, ref, path] = /^([^:]+)(?::(.*))?$/s.exec(text) ?? []
  if (ref === undefined || (path === undefined && !isMarked)) return undefined
  return { ref, path: path === '' ? '.' : path }
}

async function readAtCommit({ ref, path }: AtCommit, named: string, options: ApiOptions): Promise<Api> {
  const { findWorkTree, readTree, resolveCommit, withWorktree } = await import('../../git/index.ts')
  const top = await findWorkTree(options.cwd)
  const commit = top === undefined ? undefined : await resolveCommit(top, ref)
  const files = commit === undefined || top === undefined ? undefined : await readTree(top, commit)
  if (top === undefined || commit === undefined || files === undefined)
    throw problems.BCN_DIFF_NO_COMMIT({ ref, folder: options.cwd })
  const prefix = relative(top, options.cwd).split(sep).join('/')
  const names = [...files.keys()]
  const target = path === undefined ? projectAround(prefix, names) : posixPath(path, prefix)
  if (target === undefined || !isIn(names, target)) throw problems.BCN_DIFF_NOT_FOUND({ named })
  const isFolder = !files.has(target)
  const project = isFolder ? target : projectAround(posix.dirname(target), names)
  const read = (tree: string) =>
    readApi(join(tree, target), { ...options, cwd: tree, top: tree }).catch((error: unknown) => {
      throw placedAt(error, ref)
    })
  return withWorktree(top, commit, read, project ?? '.')
}

/** The nearest folder upwards that holds a barbacane.yaml. */
function projectAround(folder: string, names: readonly string[]): string | undefined {
  const here = folder === '' ? '.' : folder
  if (names.includes(posix.join(here, 'barbacane.yaml'))) return here
  return here === '.' ? undefined : projectAround(posix.dirname(here), names)
}

function posixPath(path: string, prefix: string): string {
  const isRelative = /^\.\.?(\/|$)/.test(path) && path !== '.'
  return posix.join(isRelative ? prefix : '', path).replace(/(?<=.)\/$/, '')
}

function isIn(names: readonly string[], target: string): boolean {
  if (target === '.') return true
  return names.some((name) => name === target || name.startsWith(`${target}/`))
}

/** Names the files of a problem as they are called in git. */
function placedAt(error: unknown, ref: string): unknown {
  if (!isProblemError(error)) return error
  const move = (at: Location): Location =>
    isRemoteDocument(at.file) ? at : { ...at, file: `${ref}:${at.file}` }
  const { at, findings, ...problem } = error.problem
  const moved = findings?.map((finding): Finding => ({ ...finding, at: move(finding.at) }))
  return new ProblemError(
    { ...problem, ...(at && { at: move(at) }), ...(moved && { findings: moved }) },
    error.cause,
  )
}
