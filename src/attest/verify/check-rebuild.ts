import type { Artifact } from '../../artifact/index.ts'
import { digestOf } from '../../domain/index.ts'
import { verifyProblems as problems } from '../verify-problems.ts'
import { requireCommit } from './check-git.ts'

/** Compiles the commit of an artifact again, with its options, its build time and its provenance. */
export interface Rebuild {
  /** The compiler that {@link Rebuild.compile} uses. */
  readonly compiler: { readonly name: string; readonly version: string }
  readonly compile: (artifact: Artifact, commit: string) => Promise<Uint8Array>
}

/**
 * Checks that the commit compiles to the very bytes of the artifact.
 *
 * @returns what was compared, in words
 * @throws {ProblemError} BCN_VERIFY_REBUILD_COMPILER, BCN_VERIFY_GIT_COMMIT, BCN_VERIFY_REBUILD_DIFFERS
 */
export async function checkRebuild(artifact: Artifact, { compiler, compile }: Rebuild): Promise<string> {
  const { compiler: own } = artifact.manifest
  const found = `${compiler.name} ${compiler.version}`
  const expected = `${own.name} ${own.version}`
  if (found !== expected) throw problems.BCN_VERIFY_REBUILD_COMPILER({ found, expected })
  const commit = requireCommit(artifact.manifest)
  const digest = digestOf(await compile(artifact, commit))
  if (digest !== artifact.digest) {
    throw problems.BCN_VERIFY_REBUILD_DIFFERS({ found: digest, expected: artifact.digest })
  }
  return `${commit.slice(0, 7)} compiles to the same ${artifact.sizeBytes} bytes`
}
