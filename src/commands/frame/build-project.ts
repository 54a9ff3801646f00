import { dirname, isAbsolute, relative, resolve } from 'node:path'

import type { CompileResult, DocumentCache } from '../../compiler/index.ts'
import { configProblems, findProject, loadProject, specPathOf } from '../../config/index.ts'
import type { Host } from '../../domain/index.ts'
import { pluginFetcher } from './plugin-fetcher.ts'
import { remoteAccess, type RemoteReferences } from './remote-documents.ts'
import { errorSeenFrom, findingsSeenFrom } from './seen-from.ts'

/** What the user asked to be compiled. */
export interface BuildRequest {
  /** The barbacane.yaml; looked for from the working directory upwards unless given. */
  readonly manifest: string | undefined
  /** Descriptions instead of those of the project. */
  readonly specs: readonly string[] | undefined
  readonly allowPlaintext: boolean
  readonly commit: string | undefined
  readonly source: string | undefined
  /** How references to the network are treated. */
  readonly references: RemoteReferences
  /** Takes what is fetched from the cache only. */
  readonly offline?: boolean | undefined
  /** What earlier builds of this process have parsed. */
  readonly cache?: DocumentCache | undefined
}

/**
 * Loads a project, reads its commit from git and compiles it. Findings name their files as they are found from the
 * working directory.
 *
 * @param version of this program, recorded in the artifact.
 * @throws {ProblemError} BCN_CONFIG_…, BCN_GIT_FAILED, BCN_COMPILE_…, and BCN_OCI_… of plugins that are fetched
 */
export async function buildProject(
  request: BuildRequest,
  host: Host,
  version: string,
): Promise<CompileResult> {
  const manifest = await findManifest(request.manifest, host.cwd)
  const viewpoint = { root: dirname(resolve(host.cwd, manifest)), cwd: host.cwd }
  try {
    const result = await compileManifest(manifest, request, host, version)
    return { ...result, findings: findingsSeenFrom(result.findings, viewpoint) }
  } catch (error) {
    throw errorSeenFrom(error, viewpoint)
  }
}

async function compileManifest(
  manifest: string,
  request: BuildRequest,
  host: Host,
  version: string,
): Promise<CompileResult> {
  const project = await loadProject(manifest)
  const { publicSourceUrl, readCommit } = await import('../../git/index.ts')
  const { buildTimestamp, compileProject, planProvenance } = await import('../../compiler/index.ts')
  const checkedOut = await readCommit(project.root)
  host.signal.throwIfAborted()
  const { commit, allowPlaintext, offline, cache } = request
  const source = request.source && (publicSourceUrl(request.source) ?? request.source)
  const specs = request.specs?.map((spec) => specPathOf(project, resolve(host.cwd, spec)))
  return compileProject(project, {
    allowPlaintext,
    ...(specs === undefined ? {} : { specs }),
    buildTimestamp: buildTimestamp({
      sourceDateEpoch: host.env['SOURCE_DATE_EPOCH'],
      commit: checkedOut,
      nowMs: host.nowMs(),
    }),
    provenance: planProvenance({ checkedOut, commit, source }),
    compiler: { name: 'barbacane', version },
    cache,
    fetchPlugin: pluginFetcher(host, request),
    openRemote: remoteAccess({ ...request.references, offline }, host)(project.lock),
  })
}

/**
 * The manifest that is named, or the nearest upwards, as the user sees it from the working directory.
 *
 * @throws {ProblemError} BCN_CONFIG_NO_PROJECT
 */
export async function findManifest(named: string | undefined, cwd: string): Promise<string> {
  const manifest = named === undefined ? await findProject(cwd) : resolve(cwd, named)
  if (manifest === undefined) throw configProblems.BCN_CONFIG_NO_PROJECT({ folder: cwd })
  const shown = relative(cwd, manifest)
  return isAbsolute(shown) ? manifest : shown
}
