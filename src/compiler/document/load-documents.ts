import { compareFindings, type Finding } from '../../domain/index.ts'
import type { DocumentCache } from './document-cache.ts'
import { createDocumentSet, createResolver, type DocumentSet } from './document-set.ts'
import { createLibrary, type Library, type LibraryEntry } from './library.ts'
import { openReferences } from './open-references.ts'
import { applyOverlays, readOverlay, toOverlayFinding, type OverlayFault } from './overlay/index.ts'
import { parseReference } from './reference.ts'
import { referenceFindings } from './reference-findings.ts'
import type { OpenRemote } from './remote.ts'
import type { SourceDocument } from './source-document.ts'
import { recordGraph, type GraphReference, type ObjectGraph } from './walk.ts'

export interface LoadOptions {
  /** Absolute path of the project; nothing outside of it is read. Undefined to read nothing but `contents`. */
  readonly root: string | undefined
  /** Project-relative POSIX paths of overlays, which are applied to the roots in this order. */
  readonly overlays?: readonly string[]
  /** Bytes that stand in the place of files, by project-relative path. */
  readonly contents?: ReadonlyMap<string, Uint8Array>
  /** Fetches what references to the network name; without it such references are findings. */
  readonly openRemote?: OpenRemote | undefined
  /** What earlier loads have parsed. */
  readonly cache?: DocumentCache | undefined
  /** True where the paths are all root documents of the project. */
  readonly isWhole?: boolean
}

/**
 * Reads root documents and every file of the project that they refer to, through any number of files.
 *
 * Findings: `unreadable` (E1000), `syntax` (E1002), `ref-unresolved`, `ref-remote` and `ref-escapes-project` (E1003).
 * Overlays: `overlay-structure`, `overlay-action`, `overlay-unmatched`.
 * A root that cannot be read or parsed has findings and is not among the roots of the set.
 *
 * @param paths project-relative POSIX paths of the root documents.
 * @throws {Error} of the file system when the project root itself does not exist.
 * @throws {ProblemError} of `openRemote`, at the first reference to what cannot be fetched.
 */
export async function loadDocuments(
  paths: readonly string[],
  options: LoadOptions,
): Promise<{ readonly set: DocumentSet; readonly findings: readonly Finding[] }> {
  const library = await createLibrary(options)
  const entries = await Promise.all(paths.map((path) => library.open(path)))
  const overlays = await Promise.all((options.overlays ?? []).map((path) => library.open(path)))
  const { roots, faults } = overlay(entries.flatMap(documentOf), overlays.flatMap(documentOf), options)
  const byPath = new Map(roots.map((root) => [root.path, root]))
  const documentAt = (path: string) => byPath.get(path) ?? library.get(path)?.document

  let walked = walkReferences(roots, library, documentAt)
  while (walked.unopened.size > 0) {
    await openReferences(library, walked.unopened)
    walked = walkReferences(roots, library, documentAt)
  }

  const used = new Map<string, LibraryEntry>(
    [...entries, ...overlays, ...walked.opened].map((entry) => [entry.path, entry]),
  )
  const documents = new Map<string, SourceDocument>()
  for (const path of used.keys()) {
    const document = documentAt(path)
    if (document !== undefined) documents.set(path, document)
  }
  const findings = [
    ...[...entries, ...overlays].flatMap(unreadable),
    ...faults.map(toOverlayFinding),
    ...[...used.values()].flatMap((entry) => entry.findings),
    ...referenceFindings(walked.broken, library),
  ]
  return {
    set: createDocumentSet(roots, documents, walked.graph),
    findings: findings.toSorted(compareFindings),
  }
}

function documentOf({ document }: LibraryEntry): readonly SourceDocument[] {
  return document === undefined ? [] : [document]
}

function overlay(
  sources: readonly SourceDocument[],
  documents: readonly SourceDocument[],
  { isWhole = false }: LoadOptions,
): { readonly roots: readonly SourceDocument[]; readonly faults: readonly OverlayFault[] } {
  const faults: OverlayFault[] = []
  const report = (fault: OverlayFault) => void faults.push(fault)
  const overlays = documents.flatMap((document) => readOverlay(document, report) ?? [])
  return { roots: applyOverlays(sources, overlays, { report, isWhole }), faults }
}

interface WalkedReferences {
  readonly graph: ObjectGraph
  /** Referenced documents that nobody has tried to open yet, by path or URL, with the first reference to each. */
  readonly unopened: ReadonlyMap<string, GraphReference>
  readonly opened: readonly LibraryEntry[]
  readonly broken: readonly GraphReference[]
}

function walkReferences(
  roots: readonly SourceDocument[],
  library: Library,
  documentAt: (path: string) => SourceDocument | undefined,
): WalkedReferences {
  const graph = recordGraph(roots, createResolver({ get: documentAt }))
  const unopened = new Map<string, GraphReference>()
  const opened = new Set<LibraryEntry>()
  const broken: GraphReference[] = []
  for (const reference of graph.references) {
    const { node, ref, target } = reference
    if (target === undefined) broken.push(reference)
    // Within its own document a reference opens nothing.
    if (ref.startsWith('#')) continue
    const named = parseReference(node.document.path, ref)
    if (named.kind !== 'file') continue
    const entry = library.get(named.path)
    if (entry !== undefined) opened.add(entry)
    else if (!unopened.has(named.path)) unopened.set(named.path, reference)
  }
  return { graph, unopened, opened: [...opened], broken }
}

function unreadable(entry: LibraryEntry): readonly Finding[] {
  if (entry.fault === undefined) return []
  return [
    {
      rule: 'unreadable',
      code: 'E1000',
      severity: 'error',
      message: `The file ${entry.path} is not read: ${entry.fault.reason}`,
      hint: 'Check the path; files are read from within the project only.',
      at: { file: entry.path, line: 1, col: 1 },
    },
  ]
}
