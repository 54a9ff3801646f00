import { decodeArtifact, encodeArtifact } from '../artifact/index.ts'
import { lintSettingsOf, type Project } from '../config/index.ts'
import {
  compareFindings,
  comparePaths,
  entryPathOf,
  fingerprint,
  isObject,
  PLAN_ENTRY,
  type Digest,
  type Finding,
  type Manifest,
  type Provenance,
  type SourceSpec,
} from '../domain/index.ts'
import type { DocumentCache, OpenRemote, SourceDocument } from './document/index.ts'
import {
  checkPluginUses,
  checkStrings,
  collectInputs,
  collectPlugins,
  type CollectedInputs,
  type FetchPlugin,
} from './inputs/index.ts'
import { applyLevels, lintProject } from './lint/index.ts'
import { planRoutes, type PlannedRoutes } from './plan/index.ts'
import { compileProblems as problems } from './problems.ts'

export interface CompileOptions {
  /** True where upstreams may be reached without TLS. */
  readonly allowPlaintext: boolean
  /** Root documents instead of those of the project: POSIX paths relative to its root. */
  readonly specs?: readonly string[]
  /** RFC 3339 in UTC with whole seconds. */
  readonly buildTimestamp: string
  readonly provenance: Provenance
  readonly compiler: Manifest['compiler']
  /** Needed only where barbacane.yaml names plugins that are fetched. */
  readonly fetchPlugin?: FetchPlugin | undefined
  /** Needed only where descriptions refer to the network. */
  readonly openRemote?: OpenRemote | undefined
  /** What earlier compilations of this process have parsed. */
  readonly cache?: DocumentCache | undefined
}

export interface CompileResult {
  /** The artifact. */
  readonly bytes: Uint8Array
  readonly manifest: Manifest
  /** The digest of the bytes. */
  readonly digest: Digest
  /** Warnings and notes, sorted. */
  readonly findings: readonly Finding[]
}

/**
 * Compiles a project to an artifact: load, lint, plan, emit. The bytes follow from the inputs and the options alone.
 *
 * @throws {ProblemError} BCN_COMPILE_FINDINGS with every finding when one of them is an error; BCN_ARTIFACT_TOO_LARGE
 *   when no gateway would accept the result.
 */
export async function compileProject(project: Project, options: CompileOptions): Promise<CompileResult> {
  const specs = [...new Set(options.specs ?? project.specs)].toSorted(comparePaths)
  const { allowPlaintext, openRemote, cache } = options
  const plugins = await collectPlugins(project, options.fetchPlugin)
  const isWhole = options.specs === undefined
  const { set, findings } = await lintProject(specs, {
    ...lintSettingsOf(project),
    pluginSchemas: plugins.schemas,
    allowPlaintext,
    isWhole,
    openRemote,
    cache,
  })
  const chosen = options.specs === undefined ? {} : { specs }
  const collected = collectInputs(project, set, { plugins, allowPlaintext, ...chosen })
  const strings = [...set.documents.values()].flatMap(checkStrings)
  const planned = [...findings, ...strings].some(isError) ? undefined : planRoutes(set)
  const typed = checkPluginUses(set, collected.plugins)
  // Those of lint have the severities that the project wants.
  const own = applyLevels(
    [...strings, ...collected.findings, ...typed, ...(planned?.findings ?? [])],
    project.ruleSettings,
  )
  const all = [...findings, ...own].toSorted(compareFindings)
  const errors = all.filter(isError)
  if (planned === undefined || errors.length > 0) throw refusal(all, errors)
  const { bytes, entries } = emit(planned, { collected, roots: set.roots, options })
  // What is written is what any reader accepts.
  const { manifest, digest } = decodeArtifact(bytes, {}, entries)
  return { bytes, manifest, digest, findings: all }
}

function isError({ severity }: Finding): boolean {
  return severity === 'error'
}

function refusal(findings: readonly Finding[], errors: readonly Finding[]) {
  const [first] = errors
  return problems.BCN_COMPILE_FINDINGS(
    { errors: errors.length },
    { findings, ...(first && { at: first.at }) },
  )
}

interface Emission {
  readonly collected: CollectedInputs
  readonly roots: readonly SourceDocument[]
  readonly options: CompileOptions
}

/** The artifact, and what its entries were made from. */
function emit(
  planned: PlannedRoutes,
  { collected, roots, options }: Emission,
): { readonly bytes: Uint8Array; readonly entries: ReadonlyMap<string, Uint8Array> } {
  const { inputs, plugins, bytesOf } = collected
  const contents = inputs.map((input): [string, Uint8Array] => [entryPathOf(input), bytesOf(input)])
  const planBytes: Uint8Array = Buffer.from(planned.text)
  const entries = new Map([[PLAN_ENTRY, planBytes], ...contents])
  const bytes = encodeArtifact({
    manifest: {
      artifact_hash: fingerprint(inputs),
      build_timestamp: options.buildTimestamp,
      compiler: options.compiler,
      provenance: options.provenance,
      inputs,
      source_specs: roots.map((root) => describeSpec(root, collected)),
      plugins,
      routes_count: planned.routesCount,
    },
    entries,
  })
  return { bytes, entries }
}

function describeSpec({ path, root }: SourceDocument, { inputs }: CollectedInputs): SourceSpec {
  const { openapi, asyncapi, info } = isObject(root) ? root : {}
  const title = isObject(info) && typeof info['title'] === 'string' ? info['title'] : ''
  const sha256 = inputs.find((input) => input.path === path)?.sha256 ?? ''
  const type = asyncapi === undefined ? 'openapi' : 'asyncapi'
  return { path, type, version: String(asyncapi ?? openapi), title, sha256 }
}
