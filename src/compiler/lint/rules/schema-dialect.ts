import { isObject } from '../../../domain/index.ts'
import { isKnownDialect } from '../../document/index.ts'
import type { Rule } from '../rule.ts'

export const schemaDialect: Rule = {
  id: 'schema-dialect',
  severity: 'error',
  summary: 'The schemas of a description are of a dialect that requests are validated by.',
  visit: {
    project: ({ roots, report }) => {
      for (const document of roots) {
        const { openapi, jsonSchemaDialect } = isObject(document.root) ? document.root : {}
        // Up to 3.0 there is no such member, and what is no text is a fault of the structure.
        if (typeof openapi !== 'string' || openapi.startsWith('3.0.')) continue
        if (typeof jsonSchemaDialect !== 'string' || isKnownDialect(jsonSchemaDialect)) continue
        report({
          at: { document, pointer: '/jsonSchemaDialect' },
          message: `The schemas are said to be of the dialect ${JSON.stringify(jsonSchemaDialect)}, which is not supported`,
          hint: 'Leave `jsonSchemaDialect` out and write the schemas in JSON Schema 2020-12.',
        })
      }
    },
  },
}
