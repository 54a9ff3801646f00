import { lstat, mkdir, mkdtemp, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { writeFileAtomic } from '../artifact/index.ts'
import { ifFound, isProblemError } from '../domain/index.ts'
import type { InitPlan, PlannedFile } from './plan-init.ts'
import { projectProblems as problems } from './problems.ts'

type Undo = () => Promise<unknown>

/**
 * Carries out a plan wholly or not at all: every file is first written to a folder of its own inside the root, then
 * moved into place; when one cannot be, what was moved is taken back. Replaced files come back too.
 *
 * @throws {ProblemError} BCN_INIT_EXISTS where a file has appeared since the plan was made; BCN_INIT_NOT_WRITTEN.
 */
export async function applyInit({ root, files }: InitPlan): Promise<void> {
  const undo: Undo[] = []
  try {
    await makeFolder(root, undo)
    const staging = await mkdtemp(join(root, '.barbacane-init-'))
    undo.push(() => rm(staging, { recursive: true, force: true }))
    for (const [index, file] of files.entries()) await writeFileAtomic(join(staging, `${index}`), file.bytes)
    for (const [index, file] of files.entries()) {
      await makeFolder(dirname(join(root, file.path)), undo)
      await moveIntoPlace(file, { root, staging, index, undo })
    }
    await rm(staging, { recursive: true })
  } catch (error) {
    const stuck = await takeBack(undo)
    if (isProblemError(error) && error.problem.code === 'BCN_INIT_EXISTS' && stuck.length === 0) throw error
    throw problems.BCN_INIT_NOT_WRITTEN({ root, reason: (error as Error).message, stuck }, { cause: error })
  }
}

/** Undoes what it can in reverse order and returns why the rest could not be undone. */
async function takeBack(undo: readonly Undo[]): Promise<readonly string[]> {
  const stuck: string[] = []
  for (const step of undo.toReversed()) {
    try {
      await step()
    } catch (error) {
      stuck.push((error as Error).message)
    }
  }
  return stuck
}

interface Move {
  readonly root: string
  readonly staging: string
  readonly index: number
  readonly undo: Undo[]
}

async function moveIntoPlace(file: PlannedFile, { root, staging, index, undo }: Move): Promise<void> {
  const target = join(root, file.path)
  if (file.action === 'replace') {
    const kept = join(staging, `${index}.kept`)
    await rename(target, kept)
    undo.push(() => rename(kept, target))
  } else if ((await ifFound(lstat(target))) !== undefined) {
    throw problems.BCN_INIT_EXISTS({ root, paths: [file.path] })
  }
  await rename(join(staging, `${index}`), target)
  undo.push(() => rm(target))
}

/** Makes a folder with its parents; undone, those that were not there before are removed. */
async function makeFolder(path: string, undo: Undo[]): Promise<void> {
  const first = await mkdir(path, { recursive: true })
  if (first === undefined) return
  const made: string[] = []
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) made.push(folder)
  for (const folder of made.toReversed()) undo.push(() => rmdir(folder))
}
