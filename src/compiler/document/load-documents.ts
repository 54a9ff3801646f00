import { compareFindings, isRemoteDocument, type Finding } from '../../domain/index.ts'
import type { DocumentCache } from './document-cache.ts'
import { createDocumentSet, type DocumentSet } from './document-set.ts'
import { createLibrary, type Library, type LibraryEntry } from './library.ts'
import { openReferences } from './open-references.ts'
import { applyOverlays, readOverlay, toOverlayFinding, type OverlayFault } from './overlay/index.ts'
import { referenceFindings, type BrokenReference } from './reference-findings.ts'
import { createRegistry, type Registry } from './registry.ts'
import type { OpenRemote } from './remote.ts'
import { createResolver } from './resolver.ts'
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

  const reader: ReferenceReader = { library, documentAt, registry: createRegistry(roots) }
  let walked = walkReferences(roots, reader)
  for (;;) {
    // What is known by a name is not looked for elsewhere.
    const isNamed = hasNewNames(walked.opened, reader)
    if (!isNamed && walked.unopened.size === 0) break
    if (!isNamed) await openReferences(library, nextToOpen(walked.unopened))
    walked = walkReferences(roots, reader)
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
  readonly broken: readonly BrokenReference[]
}

interface ReferenceReader {
  readonly library: Library
  readonly documentAt: (path: string) => SourceDocument | undefined
  readonly registry: Registry
}

/** Files first: one of them may call itself by a URL, which then is not fetched. */
function nextToOpen(unopened: ReadonlyMap<string, GraphReference>): ReadonlyMap<string, GraphReference> {
  const files = [...unopened].filter(([name]) => !isRemoteDocument(name))
  return files.length === 0 ? unopened : new Map(files)
}

/** Once a file is known by a name of its own, other references may lead to it. */
function hasNewNames(entries: readonly LibraryEntry[], { documentAt, registry }: ReferenceReader): boolean {
  const added = entries.map(({ path }) => {
    const document = documentAt(path)
    return document !== undefined && registry.add(document)
  })
  return added.includes(true)
}

function walkReferences(
  roots: readonly SourceDocument[],
  { library, documentAt, registry }: ReferenceReader,
): WalkedReferences {
  const { resolve, targetOf } = createResolver({ get: documentAt }, registry)
  const graph = recordGraph(roots, resolve)
  const unopened = new Map<string, GraphReference>()
  const opened = new Set<LibraryEntry>()
  const broken: BrokenReference[] = []
  for (const reference of graph.references) {
    const { node, ref } = reference
    if (reference.target === undefined) broken.push({ reference, target: targetOf(node, ref) })
    // Within its own document a reference opens nothing.
    if (ref.startsWith('#')) continue
    const target = targetOf(node, ref)
    if (target.kind !== 'file') continue
    const entry = library.get(target.path)
    if (entry !== undefined) opened.add(entry)
    else if (!unopened.has(target.path)) unopened.set(target.path, reference)
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
