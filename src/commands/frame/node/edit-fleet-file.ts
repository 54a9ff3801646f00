import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

import { writeFileAtomic } from '../../../artifact/index.ts'
import { parseFleet, type Fleet } from '../../../config/index.ts'
import { isNotFound, isProblemError, type Host } from '../../../domain/index.ts'
import { fleetProblems } from '../../../fleet/index.ts'
import type { FleetPlace } from '../release/find-fleet-place.ts'
import { nodeProblems as problems } from './node-problems.ts'

/** The fleet file of the work tree. */
export interface FleetFile {
  /** Absolute path. */
  readonly path: string
  /** As it is called in messages. */
  readonly name: string
  readonly text: string
  readonly fleet: Fleet
}

/** @throws {ProblemError} BCN_FLEET_NOT_FOUND, BCN_FLEET_INVALID */
export async function readFleetFile({ folder, file }: FleetPlace, { cwd }: Host): Promise<FleetFile> {
  const path = join(folder, file)
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isNotFound(error)) throw fleetProblems.BCN_FLEET_NOT_FOUND({ folder })
    throw error
  })
  const name = relative(cwd, path)
  return { path, name, text, fleet: parseFleet(name, text) }
}

/**
 * Writes the file with another text, if that can be read.
 *
 * @param node whose entry was changed
 * @throws {ProblemError} BCN_NODE_REFUSED, BCN_ARTIFACT_NOT_WRITTEN; the file is as it was
 */
export async function writeFleetFile(
  { path, name: file }: FleetFile,
  text: string,
  node: string,
): Promise<void> {
  try {
    parseFleet(file, text)
  } catch (error) {
    if (!isProblemError(error)) throw error
    const [finding] = error.problem.findings ?? []
    const { message: reason, hint: fix = error.problem.hint } = finding ?? error.problem
    throw problems.BCN_NODE_REFUSED({ name: node, path: file, reason, fix }, { cause: error })
  }
  await writeFileAtomic(path, Buffer.from(text))
}
