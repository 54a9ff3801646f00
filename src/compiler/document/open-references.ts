import { appendPointer, isProblemError, isRemoteDocument, ProblemError } from '../../domain/index.ts'
import type { Library } from './library.ts'
import { parseReference } from './reference.ts'
import type { SourceDocument } from './source-document.ts'
import type { GraphReference } from './walk.ts'

/**
 * Opens documents, by path or URL: files and, through any number of files, all that they refer to, and documents of the
 * network. What those refer to in turn, the next walk over the object graph finds.
 *
 * @param unopened with a reference to each, which is the place of a problem.
 */
export async function openReferences(
  library: Library,
  unopened: ReadonlyMap<string, GraphReference>,
): Promise<void> {
  const files = [...unopened.keys()].filter((name) => !isRemoteDocument(name))
  const remotes = [...unopened]
    .filter(([name]) => isRemoteDocument(name))
    .map(([url, reference]) => openAt(library, url, reference))
  await Promise.all([...remotes, ...(files.length === 0 ? [] : [openFiles(library, files)])])
}

async function openAt(library: Library, url: string, { node, keyword }: GraphReference): Promise<void> {
  try {
    await library.open(url)
  } catch (error) {
    if (!isProblemError(error)) throw error
    const at = node.document.locate(appendPointer(node.pointer, keyword))
    throw new ProblemError({ ...error.problem, at }, error.cause)
  }
}

/** So many files are open at a time; systems allow a process a thousand. */
const MAX_OPEN_FILES = 64

/**
 * Opens the given files and all files that they name in a `$ref`. Which of those are references, and which are data, the
 * walk over the object graph knows, which judges what is missing, too.
 */
async function openFiles(library: Library, paths: readonly string[]): Promise<void> {
  const named = new Set(paths)
  const pending = [...named]
  while (pending.length > 0) {
    const entries = await Promise.all(pending.splice(0, MAX_OPEN_FILES).map((path) => library.open(path)))
    for (const path of entries.flatMap(({ document }) => (document ? filesNamedIn(document) : []))) {
      if (!named.has(path)) pending.push(path)
      named.add(path)
    }
  }
}

/** The paths of other files that stand in a `$ref` anywhere in a document, each once. */
function filesNamedIn(document: SourceDocument): readonly string[] {
  const known = remembered.get(document)
  if (known !== undefined) return known
  const paths = new Set<string>()
  const seen = new Set<object>()
  const pending = [document.root]
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    const ref: unknown = '$ref' in value ? value.$ref : undefined
    if (typeof ref === 'string' && !ref.startsWith('#')) {
      const target = parseReference(document.path, ref)
      if (target.kind === 'file' && !isRemoteDocument(target.path)) paths.add(target.path)
    }
    for (const child of Object.values(value)) if (typeof child === 'object') pending.push(child)
  }
  const found = [...paths]
  remembered.set(document, found)
  return found
}

const remembered = new WeakMap<SourceDocument, readonly string[]>()
