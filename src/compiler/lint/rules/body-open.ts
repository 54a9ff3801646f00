import { appendPointer, isObject } from '../../../domain/index.ts'
import type { SourceDocument } from '../../document/index.ts'
import { reportByRoot } from '../report-by-root.ts'
import { memberOf, type ObjectNode, type RouteNode } from '../routes.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const bodyOpen: Rule = {
  id: 'body-open',
  severity: 'info',
  summary: 'Where some bodies take described members alone, all do.',
  visit: {
    project: ({ set, routes, report }) => {
      if (![...set.documents.values()].some(mayClose)) return
      const bodies = routes.flatMap((route) => bodiesOf(route, set).map((schema) => ({ route, schema })))
      const isMeant = new Set(bodies.filter(({ schema }) => isClosed(schema)).map(({ route }) => route.root))
      // Only a description that closes some bodies can have forgotten one.
      const open = bodies.filter(({ route, schema }) => isMeant.has(route.root) && isOpen(schema))
      const routesWith = [...new Set(open.map(({ route }) => route))]
      reportByRoot(routesWith, report, ({ method, template, operation }, more) => ({
        at: { document: operation.document, pointer: appendPointer(operation.pointer, 'requestBody') },
        part: 'key',
        message: `${method} ${template}${more} takes members that nobody described, while other bodies do not`,
        hint: 'Add `additionalProperties: false`, or `unevaluatedProperties: false` beside `allOf`.',
      }))
    },
  },
}

function bodiesOf({ operation }: RouteNode, set: RuleContext['set']): readonly ObjectNode[] {
  const body = memberOf(set, operation, 'requestBody')
  const content = body && memberOf(set, body, 'content')
  if (content === undefined) return []
  return Object.keys(content.value).flatMap((type) => {
    const media = memberOf(set, content, type)
    const schema = media && memberOf(set, media, 'schema')
    return schema === undefined ? [] : [schema]
  })
}

function mayClose({ mentions }: SourceDocument): boolean {
  return mentions('additionalProperties') || mentions('unevaluatedProperties')
}

function isClosed({ value }: ObjectNode): boolean {
  return value['additionalProperties'] === false || value['unevaluatedProperties'] === false
}

/** Compositions and maps are left to their authors. */
function isOpen({ value }: ObjectNode): boolean {
  if (!isObject(value['properties']) || Object.keys(value['properties']).length === 0) return false
  return ![
    'additionalProperties',
    'unevaluatedProperties',
    'allOf',
    'anyOf',
    'oneOf',
    'patternProperties',
    'not',
  ].some((keyword) => value[keyword] !== undefined)
}
