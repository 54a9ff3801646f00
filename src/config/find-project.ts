import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

import { ifFound } from '../domain/index.ts'

/**
 * Finds the barbacane.yaml of a folder: in it, or in the nearest folder above it up to the top of its git work tree.
 * Outside of a work tree only the folder itself is looked at, so that a stray file further up is never picked up.
 *
 * @returns its absolute path, or undefined where there is none.
 */
export function findProject(startDir: string): Promise<string | undefined> {
  return findUpwards('barbacane.yaml', startDir)
}

/** The same for fleet.yaml. */
export function findFleet(startDir: string): Promise<string | undefined> {
  return findUpwards('fleet.yaml', startDir)
}

async function findUpwards(name: string, startDir: string): Promise<string | undefined> {
  const start = resolve(startDir)
  for (const folder of await foldersToSearch(start)) {
    const path = join(folder, name)
    if ((await ifFound(stat(path))) !== undefined) return path
  }
  return undefined
}

async function foldersToSearch(start: string): Promise<readonly string[]> {
  const folders: string[] = []
  for (let folder = start; ; folder = dirname(folder)) {
    folders.push(folder)
    // A file in linked work trees and submodules, a folder everywhere else.
    if ((await ifFound(stat(join(folder, '.git')))) !== undefined) return folders
    if (dirname(folder) === folder) return [start]
  }
}
