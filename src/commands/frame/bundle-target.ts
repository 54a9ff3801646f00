import type { Lock } from '../../config/index.ts'
import { commandProblems as problems } from '../problems.ts'
import { findLintTarget } from './lint-target.ts'

/** A description to be bundled, in its project. */
export interface BundleTarget {
  /** Absolute path of the project. */
  readonly root: string
  /** POSIX path of the description below it. */
  readonly path: string
  readonly overlays: readonly string[]
  readonly lock: Lock
  /** True where it is all that the project has. */
  readonly isWhole: boolean
}

/**
 * Finds the description that a command is about: the one that is named, else the only one of the project.
 *
 * @throws {ProblemError} BCN_CLI_USAGE where the project has several; what `findLintTarget` throws.
 */
export async function findBundleTarget(file: string | undefined, cwd: string): Promise<BundleTarget> {
  const { root, paths, overlays, lock, isWhole } = await findLintTarget(file === undefined ? [] : [file], cwd)
  const [path] = paths
  if (path !== undefined && paths.length === 1) return { root, path, overlays: overlays ?? [], lock, isWhole }
  const fault = `The project has ${paths.length} descriptions: ${paths.join(', ')}. Name the one to bundle`
  throw problems.BCN_CLI_USAGE({ fault, command: 'bundle', suggestion: undefined })
}
