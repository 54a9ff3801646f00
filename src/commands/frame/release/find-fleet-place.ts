import { stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'

import { findFleet } from '../../../config/index.ts'
import type { Host } from '../../../domain/index.ts'
import { fleetProblems as problems } from '../../../fleet/index.ts'

/** Where a fleet file is, whether or not the work tree has it. */
export interface FleetPlace {
  /** Absolute path of the folder of the file. */
  readonly folder: string
  /** The name of the file in it. */
  readonly file: string
}

/**
 * The fleet file that is named, else the nearest one upwards within the repository.
 *
 * @throws {ProblemError} BCN_FLEET_NOT_FOUND
 */
export async function findFleetPlace(named: string | undefined, { cwd }: Host): Promise<FleetPlace> {
  const path = named === undefined ? await findFleet(cwd) : resolve(cwd, named)
  const folder = path === undefined ? cwd : dirname(path)
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (path === undefined || !isFolder) throw problems.BCN_FLEET_NOT_FOUND({ folder })
  return { folder, file: basename(path) }
}
