import type { Finding, JsonObject } from '../../domain/index.ts'
import { loadDocuments, type LoadOptions } from '../document/index.ts'
import { bundleDocument } from './bundle-document.ts'
import { bundleProblems as problems } from './problems.ts'

export { printDescription, type DescriptionFormat } from './print-description.ts'

export interface Bundle {
  readonly document: JsonObject
  /** Every file that went into it, and every URL: the root first, the others sorted. */
  readonly files: readonly string[]
  /** How many parts of other files became components. */
  readonly components: number
  /** How the root is written. */
  readonly syntax: 'json' | 'yaml'
  /** Warnings about what was read. */
  readonly findings: readonly Finding[]
}

/**
 * Makes one self-contained description of a root document, the overlays of its project applied.
 *
 * @param path project-relative POSIX path of the root document.
 * @throws {ProblemError} BCN_BUNDLE_FINDINGS with every finding when something cannot be read or leads nowhere;
 *   BCN_BUNDLE_REFUSED; what `openRemote` throws.
 */
export async function bundleDescription(path: string, options: LoadOptions): Promise<Bundle> {
  const { set, findings } = await loadDocuments([path], options)
  const errors = findings.filter(({ severity }) => severity === 'error')
  const [root] = set.roots
  if (errors.length > 0 || root === undefined) {
    const [first] = errors
    throw problems.BCN_BUNDLE_FINDINGS(
      { errors: errors.length },
      { findings, ...(first && { at: first.at }) },
    )
  }
  const { document, components } = bundleDocument(set, root)
  const others = [...set.documents.keys()].filter((file) => file !== path).toSorted()
  return { document, components, files: [path, ...others], syntax: root.syntax, findings }
}
