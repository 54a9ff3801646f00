import { compareFindings, type Finding, type JsonSchema } from '../../domain/index.ts'
import { findLintTarget, type LintTarget } from './lint-target.ts'
import type { RemoteAccess } from './remote-documents.ts'

/** What was looked at, and what was found; files are relative to the root, or URLs. */
export interface Linted {
  /** Absolute path. */
  readonly root: string
  /** Root documents. */
  readonly roots: readonly string[]
  /** Every file that was looked at, sorted. */
  readonly files: readonly string[]
  readonly findings: readonly Finding[]
  /** True where all descriptions of a project were looked at. */
  readonly isWhole: boolean
  readonly sourceOf: (file: string) => string | undefined
}

/** Knows, beside, which files a root document depends on: itself, what it reaches, overlays. */
export interface LintedFiles extends Linted {
  readonly reachedFrom: (root: string) => ReadonlySet<string>
}

export interface LintOptions {
  readonly cwd: string
  readonly allowPlaintext: boolean
  readonly remoteAccess: RemoteAccess
}

/**
 * Lints files that are named, or the project around the working directory.
 *
 * @throws {ProblemError} what `findLintTarget` throws
 */
export async function lintFiles(files: readonly string[], options: LintOptions): Promise<LintedFiles> {
  return lintTarget(await findLintTarget(files, options.cwd), options)
}

/**
 * Lints what has been found to be linted.
 *
 * @param contents bytes that stand in the place of files, by path relative to the root.
 */
export async function lintTarget(
  target: LintTarget,
  { allowPlaintext, remoteAccess }: LintOptions,
  contents: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<LintedFiles> {
  const { lintProject } = await import('../../compiler/lint/index.ts')
  const { fileReferences, reachableFiles } = await import('../../compiler/document/index.ts')
  const { root, paths, isWhole } = target
  const plugins = await schemasOf(target)
  const { set, findings: linted } = await lintProject(paths, {
    ...target,
    pluginSchemas: plugins.schemas,
    allowPlaintext,
    contents,
    openRemote: remoteAccess(target.lock),
  })
  const findings = [...linted, ...plugins.findings].toSorted(compareFindings)
  const found = findings.map(({ at }) => at.file)
  const files = [...new Set([...paths, ...set.documents.keys(), ...found])].toSorted()
  const sourceOf = (file: string) => set.documents.get(file)?.text
  const schemas = [...target.pluginSources.values()].flatMap(({ schema }) => schema ?? [])
  let references: ReadonlyMap<string, ReadonlySet<string>> | undefined
  const reachedFrom = (from: string) =>
    new Set([...reachableFiles((references ??= fileReferences(set)), from), ...target.overlays, ...schemas])
  return { root, roots: paths, files, findings, isWhole, sourceOf, reachedFrom }
}

async function schemasOf({ root, pluginSources: plugins }: LintTarget) {
  if (plugins.size === 0) return { schemas: new Map<string, JsonSchema>(), findings: [] }
  const { readPluginSchemas } = await import('../../compiler/inputs/index.ts')
  return readPluginSchemas({ root, plugins })
}
