import { appendPointer, isProblemError, isRemoteDocument, ProblemError } from '../../domain/index.ts'
import type { Library } from './library.ts'
import type { GraphReference } from './walk.ts'

/** Stands for the project root; `.invalid` is reserved (RFC 6761 §6.4), so that nothing can ever be fetched from it. */
const BASE = 'https://project.invalid/'

/**
 * Opens documents, by path or URL: files and, through swagger-parser's `resolve`, all files that they refer to, and
 * documents of the network. What those refer to in turn, the next walk over the object graph finds.
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

async function openAt(library: Library, url: string, { node }: GraphReference): Promise<void> {
  try {
    await library.open(url)
  } catch (error) {
    if (!isProblemError(error)) throw error
    const at = node.document.locate(appendPointer(node.pointer, '$ref'))
    throw new ProblemError({ ...error.problem, at }, error.cause)
  }
}

/**
 * Opens the given files and, through swagger-parser's `resolve`, all files that they refer to. Nothing is read but
 * through the library, and nothing is fetched: what is missing or remote is judged by the walk over the object graph,
 * which knows where a `$ref` is a reference and where it is data.
 */
async function openFiles(library: Library, paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => library.open(path)))
  const { default: SwaggerParser } = await import('@apidevtools/swagger-parser')
  const references = paths.map((path) => ({ $ref: `/${path.split('/').map(encodeURIComponent).join('/')}` }))
  // Not the documents themselves: swagger-parser refuses OpenAPI 3.2 and follows `$ref` in example data.
  const index = { openapi: '3.1.0', info: { title: '', version: '' }, paths: {}, 'x-references': references }
  const project = {
    order: 1,
    canRead: true,
    read: async (file: { url: string }) => {
      const path = pathOf(file.url)
      return path === undefined ? '' : ((await library.open(path)).document?.text ?? '')
    },
  }
  const kept = {
    order: 1,
    allowEmpty: true,
    canParse: true,
    parse: (file: { url: string }) => library.get(pathOf(file.url) ?? '')?.document?.root ?? {},
  }
  await new SwaggerParser().resolve(BASE, index, {
    continueOnError: true,
    resolve: { file: false, http: false, project },
    parse: { json: false, yaml: false, text: false, binary: false, kept },
  })
}

function pathOf(url: string): string | undefined {
  if (!url.startsWith(BASE)) return undefined
  const path = url.slice(BASE.length)
  return /%(?![\da-f]{2})/i.test(path) ? undefined : decodeURIComponent(path)
}
