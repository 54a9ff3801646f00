import { appendPointer, type BodyContent, type JsonValue, type RequestBody } from '../domain/index.ts'
import type { Report } from './change.ts'
import type { PlanSchemas } from './compare-parameters.ts'
import { isEqual } from './schema/index.ts'

/** Compares request bodies: whether there is one, its media types, and what each of them accepts. */
export function compareBodies(
  [before, after]: readonly [RequestBody | null, RequestBody | null],
  schemas: PlanSchemas,
  report: Report,
): void {
  if (before === null && after === null) return
  if (before === null || after === null) return reportWhole(before, after, report)
  if (before.required !== after.required) {
    const id = after.required ? 'body-made-required' : 'body-made-optional'
    report(id, '/body/required', { before: before.required, after: after.required })
  }
  const ranges = [...before.content, ...after.content].map(({ media_range: range }) => range)
  for (const range of new Set(ranges)) {
    const [was, is] = [contentFor(before, range), contentFor(after, range)]
    const pointer = appendPointer('/body/content', range)
    if (is === undefined) report('body-media-type-removed', pointer, { before: range })
    else if (was === undefined) report('body-media-type-added', pointer, { after: range })
    else compareContent([was, is], pointer, { schemas, report })
  }
}

function reportWhole(before: RequestBody | null, after: RequestBody | null, report: Report): void {
  const values = { before: rangesOf(before), after: rangesOf(after) }
  if (after === null) report('body-removed', '/body', values)
  else report(after.required ? 'body-required-added' : 'body-optional-added', '/body', values)
}

function rangesOf(body: RequestBody | null): JsonValue | undefined {
  return body?.content.map(({ media_range: range }) => range)
}

interface Tools {
  readonly schemas: PlanSchemas
  readonly report: Report
}

function compareContent(
  [was, is]: readonly [BodyContent, BodyContent],
  pointer: string,
  { schemas, report }: Tools,
): void {
  schemas.compare({ before: was.schema, after: is.schema, pointer: `${pointer}/schema`, isText: false })
  const [encodingWas, encodingIs] = [was.encoding, is.encoding].map(
    (encoding) => encoding as unknown as JsonValue,
  )
  if (!isEqual(encodingWas, encodingIs))
    report('body-encoding-changed', `${pointer}/encoding`, { before: encodingWas, after: encodingIs })
}

/** What describes bodies of a type: the range itself, or the most specific one that includes it. */
function contentFor({ content }: RequestBody, range: string): BodyContent | undefined {
  const wider = [range, `${range.split('/')[0]}/*`, '*/*']
  return wider
    .map((candidate) => content.find(({ media_range: found }) => found === candidate))
    .find((found) => found !== undefined)
}
