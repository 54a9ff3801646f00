import { appendPointer } from '../../../domain/index.ts'
import type { Rule } from '../rule.ts'

const WITHOUT_BODY = new Set(['GET', 'HEAD'])

export const bodyWithoutMeaning: Rule = {
  id: 'body-without-meaning',
  severity: 'warning',
  summary: 'Requests of GET and HEAD have no body.',
  visit: {
    project: ({ routes, report }) => {
      for (const { method, template, operation } of routes) {
        if (!WITHOUT_BODY.has(method) || operation.value['requestBody'] === undefined) continue
        report({
          at: { document: operation.document, pointer: appendPointer(operation.pointer, 'requestBody') },
          part: 'key',
          message: `${method} ${template} has a request body, which clients and caches may drop`,
          hint: 'Use parameters, or POST; OpenAPI 3.2 has `query` for searches with a body (RFC 9110 §9.3.1).',
        })
      }
    },
  },
}
