import { join } from 'node:path'

import type { Artifact } from '../../artifact/index.ts'
import { readOptions, verifyProblems as problems, type Rebuild } from '../../attest/index.ts'
import type { OpenRemote } from '../../compiler/document/index.ts'
import { compileProject, type CompileOptions } from '../../compiler/index.ts'
import { loadProject, type Lock } from '../../config/index.ts'
import {
  entryPathOf,
  ExitCode,
  isProblemError,
  remoteDocumentPath,
  sha256Hex,
  type Host,
  type JsonObject,
} from '../../domain/index.ts'
import { readTree, withWorktree } from '../../git/index.ts'
import { configPathOf } from './fetched-pins.ts'
import { pluginFetcher } from './plugin-fetcher.ts'

/** Compiles what a commit holds below the folder of the project, with the options that the artifact names. */
export function rebuildFrom(folder: string, version: string, host: Host): Rebuild {
  const fetchPlugin = pluginFetcher(host)
  const compiler = { name: 'barbacane', version }
  return {
    compiler,
    compile: async (artifact, commit) => {
      if ((await readTree(folder, commit)) === undefined) {
        throw problems.BCN_VERIFY_GIT_COMMIT({ reason: `there is no commit ${commit} here` })
      }
      return withWorktree(folder, commit, (tree) => compile(artifact, tree, { compiler, fetchPlugin }))
    },
  }
}

async function compile(
  artifact: Artifact,
  folder: string,
  options: Pick<CompileOptions, 'compiler' | 'fetchPlugin'>,
): Promise<Uint8Array> {
  const { manifest, digest } = artifact
  try {
    const project = await loadProject(join(folder, configPathOf(artifact)))
    const { bytes } = await compileProject(project, {
      ...compileOptions(readOptions(artifact)),
      buildTimestamp: manifest.build_timestamp,
      provenance: manifest.provenance,
      openRemote: openFromArtifact(artifact, project.lock),
      ...options,
    })
    return bytes
  } catch (error) {
    if (!isProblemError(error) || !isFaultOfCommit(error.problem.exit)) throw error
    const found = `${error.problem.code} (${error.problem.message})`
    throw problems.BCN_VERIFY_REBUILD_DIFFERS({ found, expected: digest }, { cause: error })
  }
}

/**
 * The artifact itself has the documents of the network that it was compiled from; they count where the lock of the
 * commit pins their bytes, so that nothing is fetched.
 */
function openFromArtifact({ entries }: Artifact, { path, documents }: Lock): OpenRemote {
  return async (url) => {
    const bytes = entries.get(entryPathOf({ kind: 'schema', path: remoteDocumentPath(url) }))
    const isPinned = bytes !== undefined && documents.get(url)?.sha256 === sha256Hex(bytes)
    const hint = 'This artifact was not compiled from this commit.'
    return isPinned ? { bytes } : { refused: `the artifact has not what ${path} pins`, hint }
  }
}

function compileOptions(options: JsonObject) {
  const { allow_plaintext: allowPlaintext, specs } = options
  return {
    allowPlaintext: allowPlaintext === true,
    ...(Array.isArray(specs) ? { specs: specs.map(String) } : {}),
  }
}

// A commit that cannot be compiled is none that the artifact was compiled from.
function isFaultOfCommit(exit: ExitCode): boolean {
  return exit === ExitCode.usage || exit === ExitCode.findings
}
