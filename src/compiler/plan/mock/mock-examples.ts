import { isObject, type JsonValue, type MockExample } from '../../../domain/index.ts'
import { createMatcher, type ObjectNode, type RouteNode } from '../../lint/index.ts'
import type { DocumentSet } from '../../document/index.ts'
import type { RouteContext } from '../parameters.ts'
import { planDispatch } from '../plugin-chain.ts'
import type { ReportPlanFault } from '../plan-fault.ts'
import { membersOf } from '../responses.ts'
import { generateExample } from './generate-example.ts'

/**
 * What `mock` answers with by the examples of the description; undefined where it does not. Statuses in their order;
 * within one the media types, and within these the examples, in the order of the description.
 */
export function planMockExamples(
  node: RouteNode,
  { set }: Pick<RouteContext, 'set'>,
  report: ReportPlanFault,
): readonly MockExample[] | undefined {
  const { name, config } = planDispatch(node)
  if (name !== 'mock' || config['examples'] !== true) return undefined
  const responses = membersOf(node.operation, 'responses', { set })
  let isReported = false
  const reportOne: ReportPlanFault = (fault) => {
    isReported = true
    report(fault)
  }
  const examples = responses
    .flatMap(([status, response]) => {
      const answered = statusOf(status)
      return answered === undefined ? [] : examplesOf(set, answered, { response, report: reportOne })
    })
    .toSorted((a, b) => a.status - b.status)
  const wanted = config['status']
  const isThere =
    typeof wanted === 'number' ? examples.some(({ status }) => status === wanted) : examples.length > 0
  if (!isThere && !isReported) {
    report({
      rule: 'mock-example',
      at: node.operation,
      part: 'key',
      message:
        typeof wanted === 'number'
          ? `\`mock\` is to answer ${wanted} by example, and the description has no such response`
          : '`mock` is to answer by example, and the description has no response with a status',
      hint: 'Describe the response, or give `mock` a `body` instead of `examples`.',
    })
  }
  return examples
}

/** The first status of a class; `default` is for any. */
function statusOf(status: string): number | undefined {
  if (/^[2-5]\d\d$/.test(status)) return Number(status)
  return /^[2-5]XX$/i.test(status) ? Number(status[0]) * 100 : undefined
}

function examplesOf(
  set: DocumentSet,
  status: number,
  { response, report }: { readonly response: ObjectNode; readonly report: ReportPlanFault },
): readonly MockExample[] {
  const content = membersOf(response, 'content', { set })
  if (content.length === 0) return [{ status, media_type: null, name: null, body: '' }]
  return content.flatMap(([type, media]): readonly MockExample[] => {
    // A range says what else there may be; there is nothing to call an answer by.
    if (type.includes('*')) return []
    const toExample = (name: string | null, value: unknown): MockExample => ({
      status,
      media_type: type,
      name,
      body: bodyOf(value as JsonValue, type),
    })
    const given = givenExamples(set, media).map(([name, value]) => toExample(name, value))
    if (given.length > 0) return given
    const made = generated(set, media)
    if (made !== undefined) return [toExample(null, made)]
    report({
      rule: 'mock-example',
      at: media,
      part: 'key',
      message: `No example of \`${type}\` can be made from its schema`,
      hint: 'Write an `example` beside the schema.',
    })
    return []
  })
}

/** The values of `example` and `examples`, with the keys of the latter. */
function givenExamples(set: DocumentSet, media: ObjectNode): readonly (readonly [string | null, unknown])[] {
  const named = membersOf(media, 'examples', { set }).flatMap(([name, { value }]) => {
    const key = ['dataValue', 'value'].find((one) => Object.hasOwn(value, one))
    return key === undefined ? [] : [[name, value[key]] as const]
  })
  return Object.hasOwn(media.value, 'example') ? [[null, media.value['example']], ...named] : named
}

/** A value by the schema, where that accepts it: what is made up must not lie about the API. */
function generated(set: DocumentSet, media: ObjectNode): JsonValue | undefined {
  const { schema } = media.value
  if (!isObject(schema)) return undefined
  const node = { document: media.document, pointer: `${media.pointer}/schema`, value: schema }
  const value = generateExample(set, node)
  return value === undefined || createMatcher(set)(value, node).length > 0 ? undefined : value
}

/** A text is the body itself, but of JSON, in which it is a value as any other. */
function bodyOf(value: JsonValue, type: string): string {
  return typeof value === 'string' && !/[/+]json\b/i.test(type) ? value : JSON.stringify(value)
}
