import { isAbsolute, relative, sep } from 'node:path'

import type { Project } from './load-project.ts'
import { configProblems as problems } from './problems.ts'

/**
 * The POSIX path within the project of a description that the user named.
 *
 * @param path absolute.
 * @throws {ProblemError} BCN_CONFIG_SPEC_OUTSIDE
 */
export function specPathOf({ root }: Pick<Project, 'root'>, path: string): string {
  const within = relative(root, path)
  if (within === '' || within === '..' || within.startsWith(`..${sep}`) || isAbsolute(within)) {
    throw problems.BCN_CONFIG_SPEC_OUTSIDE({ path, root })
  }
  return within.split(sep).join('/')
}
