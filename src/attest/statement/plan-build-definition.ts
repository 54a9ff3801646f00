import type { Artifact } from '../../artifact/index.ts'
import {
  entryPathOf,
  isObject,
  OPTIONS_PATH,
  type Input,
  type JsonObject,
  type Provenance,
} from '../../domain/index.ts'
import { attestProblems as problems } from '../problems.ts'
import { BUILD_TYPE, COMMIT_DEPENDENCY, type ResolvedDependency, type Statement } from './statement.ts'

/**
 * The SLSA `buildDefinition` that belongs to an artifact: its options and source as external parameters, the commit
 * and every leaf of the fingerprint as resolved dependencies.
 *
 * @throws {ProblemError} BCN_ATTEST_OPTIONS
 */
export function planBuildDefinition(artifact: Artifact): Statement['predicate']['buildDefinition'] {
  const { provenance, inputs, build_timestamp } = artifact.manifest
  return {
    buildType: BUILD_TYPE,
    externalParameters: {
      source: { uri: provenance.source, commit: provenance.commit, dirty: provenance.dirty },
      options: readOptions(artifact),
    },
    internalParameters: { build_timestamp },
    resolvedDependencies: [...commitDependency(provenance), ...inputs.map(inputDependency)],
  }
}

/**
 * The flags that an artifact was compiled with: the content of its `option` leaf, `{}` where it has none.
 *
 * @throws {ProblemError} BCN_ATTEST_OPTIONS
 */
export function readOptions(artifact: Artifact): JsonObject {
  const bytes = artifact.entries.get(entryPathOf({ kind: 'option', path: OPTIONS_PATH }))
  if (bytes === undefined) return {}
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (isObject(value)) return value as JsonObject
  } catch (error) {
    throw problems.BCN_ATTEST_OPTIONS({ path: OPTIONS_PATH }, { cause: error })
  }
  throw problems.BCN_ATTEST_OPTIONS({ path: OPTIONS_PATH })
}

function commitDependency({ commit, source }: Provenance): readonly ResolvedDependency[] {
  if (commit === null) return []
  return [
    {
      name: COMMIT_DEPENDENCY,
      ...(source === null ? {} : { uri: `git+${source}` }),
      digest: { gitCommit: commit },
    },
  ]
}

function inputDependency({ kind, path, size, sha256, git_blob: gitBlob }: Input): ResolvedDependency {
  return { name: path, digest: { sha256, gitBlob }, annotations: { kind, size } }
}
