import { compareFindings, type Finding, type JsonSchema } from '../../domain/index.ts'
import { lowerAsyncapi } from '../asyncapi/index.ts'
import { loadDocuments, type DocumentSet, type LoadOptions } from '../document/index.ts'
import { checkStructures } from '../structure/index.ts'
import { judgeFindings, type Judgement } from './judgement/index.ts'
import { lint } from './lint.ts'
import { compilePluginSchemas } from './plugin-schemas.ts'
import type { LintContext } from './rule.ts'

export interface LintProjectOptions extends Omit<LintContext, 'pluginSchemas'>, Judgement, LoadOptions {
  /** The schemas of the configuration of plugins of the project, by their names. */
  readonly pluginSchemas?: ReadonlyMap<string, JsonSchema>
}

/**
 * Loads root documents, runs every check (syntax and references, structure, rules) and judges what was found.
 *
 * @param paths project-relative POSIX paths of the root documents.
 * @param options.root absolute path of the project.
 * @param options.overlays project-relative POSIX paths of overlays, which are applied before anything is checked.
 * @returns the documents and all findings, sorted by place.
 */
export async function lintProject(
  paths: readonly string[],
  options: LintProjectOptions,
): Promise<{ readonly set: DocumentSet; readonly findings: readonly Finding[] }> {
  const loaded = await loadDocuments(paths, options)
  const { set, findings } = lowerAsyncapi(loaded.set)
  const pluginSchemas = await compilePluginSchemas(options.pluginSchemas ?? new Map())
  const ruled = lint(set, { ...options, pluginSchemas })
  const all = [...loaded.findings, ...findings, ...(await checkStructures(set)), ...ruled]
  const judged = await judgeFindings(all, set, options)
  return { set, findings: judged.toSorted(compareFindings) }
}
