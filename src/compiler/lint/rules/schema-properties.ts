import { appendPointer, isObject } from '../../../domain/index.ts'
import type { Rule } from '../rule.ts'

const MAX_PROPERTIES = 256

export const schemaProperties: Rule = {
  id: 'schema-properties',
  code: 'E1052',
  severity: 'error',
  protection: 'free',
  summary: `A schema has ${MAX_PROPERTIES} properties at most.`,
  visit: {
    schema: (node, { report }) => {
      const listed = node.value['properties']
      const properties = isObject(listed) ? Object.keys(listed).length : 0
      if (properties <= MAX_PROPERTIES) return
      report({
        at: { document: node.document, pointer: appendPointer(node.pointer, 'properties') },
        part: 'key',
        message: `The schema has ${properties} properties, more than ${MAX_PROPERTIES}`,
        hint: 'Group them in objects, or describe names that follow a rule with `patternProperties`.',
      })
    },
  },
}
