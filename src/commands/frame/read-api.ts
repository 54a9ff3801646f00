import { stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'

import { decodeArtifact, readArtifact, type Artifact } from '../../artifact/index.ts'
import { bareProject, findProject, loadProject, specPathOf, type Project } from '../../config/index.ts'
import { ifFound, isProblemError, ProblemError } from '../../domain/index.ts'
import { commandProblems as problems } from '../problems.ts'
import type { RemoteAccess } from './remote-documents.ts'
import { errorSeenFrom } from './seen-from.ts'

/** One side of a comparison. */
export interface Api {
  readonly artifact: Artifact
  /** True for a description by itself, of which only the API is compared. */
  readonly isDescription: boolean
}

/** How an API is read. */
export interface ApiOptions {
  readonly cwd: string
  readonly allowPlaintext: boolean
  readonly remoteAccess: RemoteAccess
  /** Of this program. */
  readonly version: string
  /** The folder that descriptions without a project may refer to files of; that of the description unless given. */
  readonly top?: string
}

const MANIFEST = 'barbacane.yaml'

/**
 * Reads an API from a `.bca`, a project (its barbacane.yaml or its folder) or a description, which is compiled in
 * memory, with the project around it where there is one.
 *
 * @throws {ProblemError} BCN_DIFF_NOT_FOUND, BCN_ARTIFACT_…, BCN_CONFIG_…, BCN_COMPILE_FINDINGS
 */
export async function readApi(named: string, options: ApiOptions): Promise<Api> {
  const path = resolve(options.cwd, named)
  try {
    return await readPath(path, named, options)
  } catch (error) {
    throw withoutFolder(error, options.cwd)
  }
}

async function readPath(path: string, named: string, options: ApiOptions): Promise<Api> {
  if ((await ifFound(stat(path))) === undefined) throw problems.BCN_DIFF_NOT_FOUND({ named })
  if (path.endsWith('.bca')) return { artifact: await readArtifact(path), isDescription: false }
  const isFolder = (await stat(path)).isDirectory()
  if (isFolder || basename(path) === MANIFEST) {
    const project = await loadProject(isFolder ? join(path, MANIFEST) : path)
    return { artifact: await compile(project, undefined, options), isDescription: false }
  }
  const around = await findProject(dirname(path))
  const project = around === undefined ? bareProject(rootOf(path, options)) : await loadProject(around)
  return { artifact: await compile(project, [specPathOf(project, path)], options), isDescription: true }
}

/** References of a description without a project are followed within this folder. */
function rootOf(path: string, { cwd, top }: ApiOptions): string {
  const isBelowCwd = !relative(cwd, path).startsWith(`..${sep}`)
  return top ?? (isBelowCwd ? cwd : dirname(path))
}

async function compile(
  project: Project,
  specs: readonly string[] | undefined,
  { cwd, allowPlaintext, remoteAccess, version }: ApiOptions,
): Promise<Artifact> {
  const { compileProject } = await import('../../compiler/index.ts')
  try {
    const { bytes } = await compileProject(project, {
      allowPlaintext,
      openRemote: remoteAccess(project.lock),
      ...(specs === undefined ? {} : { specs }),
      // Where and when an API was compiled is no part of its meaning.
      buildTimestamp: '1970-01-01T00:00:00Z',
      provenance: { commit: null, source: null, dirty: null },
      compiler: { name: 'barbacane', version },
    })
    return decodeArtifact(bytes)
  } catch (error) {
    throw errorSeenFrom(error, { root: project.root, cwd })
  }
}

/** A problem whose message names paths as the user does. */
function withoutFolder(error: unknown, folder: string): unknown {
  if (!isProblemError(error)) return error
  const message = error.problem.message.replaceAll(`${folder}${sep}`, '')
  return new ProblemError({ ...error.problem, message }, error.cause)
}
