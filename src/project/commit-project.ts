import { realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

import { ifFound } from '../domain/index.ts'
import { createRepository, findWorkTree } from '../git/index.ts'
import { projectProblems as problems } from './problems.ts'

/**
 * Makes sure that a folder, which need not exist, can become a repository of its own.
 *
 * @throws {ProblemError} BCN_INIT_IN_REPOSITORY where it is part of one already; BCN_INIT_GIT where git does not run.
 */
export async function refuseRepository(root: string): Promise<void> {
  const top = await workTreeOf(root)
  if (top !== undefined) throw problems.BCN_INIT_IN_REPOSITORY({ root, top })
}

/**
 * Makes sure that a folder, which need not exist, is not below the top of a repository: forges and hooks look there only.
 *
 * @throws {ProblemError} BCN_INIT_BELOW_TOP; BCN_INIT_GIT where git does not run.
 */
export async function refuseInnerFolder(root: string): Promise<void> {
  const top = await workTreeOf(root)
  if (top === undefined) return
  // The two may be written differently, e.g. where one goes through a link.
  const [folder, topFolder] = await Promise.all([
    nearestFolder(root).then((path) => realpath(path)),
    realpath(top),
  ])
  const isTop = folder === topFolder && (await nearestFolder(root)) === root
  if (!isTop) throw problems.BCN_INIT_BELOW_TOP({ root, top })
}

async function workTreeOf(root: string): Promise<string | undefined> {
  return findWorkTree(await nearestFolder(root)).catch((error: unknown) => {
    throw problems.BCN_INIT_GIT({ root, reason: firstLine(error) }, { cause: error })
  })
}

/**
 * Makes the folder a repository with these files as its first commit; returns the commit's id.
 *
 * @throws {ProblemError} BCN_INIT_NO_COMMIT
 */
export async function commitProject(root: string, paths: readonly string[]): Promise<string> {
  try {
    return await createRepository(root, { paths, message: 'Start a gateway' })
  } catch (error) {
    throw problems.BCN_INIT_NO_COMMIT({ root, reason: firstLine(error) }, { cause: error })
  }
}

async function nearestFolder(path: string): Promise<string> {
  return (await ifFound(stat(path)))?.isDirectory() === true ? path : nearestFolder(dirname(path))
}

function firstLine(error: unknown): string {
  const lines = (error as Error).message
    .split('\n')
    .map((line) => line.trim().replace(/^(?:Error|fatal): /, ''))
  return (lines.find((line) => line !== '') ?? 'git failed').replace(/\.$/, '')
}
