import {
  appendPointer,
  type JsonSchema,
  type Parameter,
  type ResponseContent,
  type ResponseDescription,
} from '../domain/index.ts'
import type { Report } from './change.ts'
import { compareAnswered } from './compare-answered.ts'

type Sides<T> = readonly [before: T, after: T]
type Schemas = Sides<readonly JsonSchema[]>

/** Compares what is said of the answers of an operation: statuses, header fields, media types and bodies. */
export function compareResponses(
  [before, after]: Sides<readonly ResponseDescription[]>,
  schemas: Schemas,
  report: Report,
): void {
  const statuses = new Set([...before, ...after].map(({ status }) => status))
  for (const status of statuses) {
    const [was, is] = [describing(before, status), describing(after, status)]
    const pointer = appendPointer('/responses', status)
    const kind = status.startsWith('2') ? 'success' : 'other'
    if (is === undefined) report(`response-${kind}-removed`, pointer, { before: status })
    else if (was === undefined) report(`response-${kind}-added`, pointer, { after: status })
    else {
      const at: Report = (id, below, values) => report(id, pointer + below, values)
      compareHeaders([was.headers, is.headers], schemas, at)
      compareContents([was.content, is.content], schemas, at)
    }
  }
}

/** What describes answers of a status: itself, or the class of it, or the default. */
function describing(
  responses: readonly ResponseDescription[],
  status: string,
): ResponseDescription | undefined {
  const wider = [status, `${status.charAt(0)}XX`, 'default']
  return wider
    .map((candidate) => responses.find(({ status: found }) => found === candidate))
    .find((found) => found !== undefined)
}

function compareHeaders(
  [before, after]: Sides<readonly Parameter[]>,
  schemas: Schemas,
  report: Report,
): void {
  const names = new Set([...before, ...after].map(({ name }) => name.toLowerCase()))
  for (const name of names) {
    const [was, is] = [before, after].map((all) => all.find((header) => header.name.toLowerCase() === name))
    const pointer = appendPointer('/headers', is?.name ?? was?.name ?? name)
    if (was === undefined) report('response-header-added', pointer)
    else if (is === undefined) {
      report(was.required ? 'response-header-removed' : 'response-optional-header-removed', pointer)
    } else compareHeader([was, is], schemas, (id, below, values) => report(id, pointer + below, values))
  }
}

function compareHeader([was, is]: Sides<Parameter>, schemas: Schemas, report: Report): void {
  if (was.required !== is.required) {
    const id = is.required ? 'response-header-made-required' : 'response-header-made-optional'
    report(id, '/required', { before: was.required, after: is.required })
  }
  const isText = was.media_type === null && is.media_type === null
  compareAt([was.schema, is.schema], schemas, { isText, report })
}

function compareContents(
  [before, after]: Sides<readonly ResponseContent[] | null>,
  schemas: Schemas,
  report: Report,
): void {
  if (before === null || after === null) {
    if (before !== after) report(after === null ? 'response-body-removed' : 'response-body-added', '/content')
    return
  }
  for (const range of new Set([...before, ...after].map(({ media_range: range }) => range))) {
    const [was, is] = [before, after].map((all) => all.find((content) => content.media_range === range))
    const pointer = appendPointer('/content', range)
    if (is === undefined) report('response-media-type-removed', pointer, { before: range })
    else if (was === undefined) report('response-media-type-added', pointer, { after: range })
    else {
      const at: Report = (id, below, values) => report(id, pointer + below, values)
      compareAt([was.schema, is.schema], schemas, { isText: false, report: at })
    }
  }
}

function compareAt(
  [was, is]: Sides<number | null>,
  schemas: Schemas,
  { isText, report }: { readonly isText: boolean; readonly report: Report },
): void {
  const [before, after] = [schemaAt(schemas[0], was), schemaAt(schemas[1], is)]
  compareAnswered(before, after, {
    isText,
    report: (id, pointer, values) => report(id, `/schema${pointer}`, values),
  })
}

function schemaAt(schemas: readonly JsonSchema[], index: number | null): JsonSchema {
  return index === null ? true : (schemas[index] ?? true)
}
