import { appendPointer } from '../../../domain/index.ts'
import {
  anchorsOf,
  identifiedResources,
  resourcesOf,
  type GraphNode,
  type Resource,
} from '../../document/index.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const schemaIdentifier: Rule = {
  id: 'schema-identifier',
  code: 'E1003',
  severity: 'error',
  summary: '`$self`, `$id` and anchors are well formed and name one thing each.',
  visit: {
    schema: checkForm,
    payload: checkForm,
    project: ({ set, report }) => {
      const known = new Map<string, Resource>()
      for (const document of set.documents.values()) {
        for (const resource of identifiedResources(document)) checkIdentifier(resource, known, report)
        if (!document.mentions('nchor')) continue
        for (const { pointer: within, value } of resourcesOf(document)) {
          for (const { name, pointer } of anchorsOf(value).repeated) {
            const message = `The anchor ${JSON.stringify(name)} is given to another schema before`
            report({ at: { document, pointer: within + pointer }, message, hint: ONE_NAME })
          }
        }
      }
    },
  },
}

const ONE_NAME = 'Give each a name of its own; a reference can lead to one of them only.'

function checkIdentifier(
  resource: Resource,
  known: Map<string, Resource>,
  report: RuleContext['report'],
): void {
  const { uri, document, pointer, value } = resource
  const first = known.get(uri)
  if (first === undefined) known.set(uri, resource)
  // One object can stand in several places, by an alias.
  else if (first.value !== value) {
    const keyword = isDescription(value) ? '$self' : '$id'
    const message = `${first.document.locate(first.pointer).file}#${first.pointer} has this \`${keyword}\`, too`
    report({ at: { document, pointer: appendPointer(pointer, keyword) }, message, hint: ONE_NAME })
  }
}

function isDescription(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'openapi' in value
}

function checkForm(node: GraphNode, { report }: RuleContext): void {
  const { $id, $anchor, $dynamicAnchor } = node.value
  // Nearly no schema has one, and all are asked.
  if ($id === undefined && $anchor === undefined && $dynamicAnchor === undefined) return
  const fault = (keyword: string, message: string, hint: string): void => {
    const pointer = appendPointer(node.pointer, keyword)
    report({ at: { document: node.document, pointer }, message, hint })
  }
  // JSON Schema 2020-12 core §8.2.1.
  if (typeof $id === 'string' && /#./.test($id)) {
    fault(
      '$id',
      `The \`$id\` ${JSON.stringify($id)} has a fragment`,
      'Name a schema within a file by `$anchor`.',
    )
  }
  for (const [keyword, name] of Object.entries({ $anchor, $dynamicAnchor })) {
    // JSON Schema 2020-12 core §8.2.2.
    if (name === undefined || (typeof name === 'string' && /^[A-Z_a-z][-\w.]*$/.test(name))) continue
    const message = `The \`${keyword}\` ${JSON.stringify(name)} cannot be named by a reference`
    fault(keyword, message, 'Begin it with a letter, and go on with letters, digits and `-_.`.')
  }
}
