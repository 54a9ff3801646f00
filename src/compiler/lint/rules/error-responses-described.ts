import { appendPointer, isObject } from '../../../domain/index.ts'
import { parametersOfRoute } from '../parameters.ts'
import type { Rule } from '../rule.ts'

export const errorResponsesDescribed: Rule = {
  id: 'error-responses-described',
  severity: 'info',
  summary: 'Operations that can refuse a request say how.',
  visit: {
    project: ({ set, routes, report }) => {
      for (const route of routes) {
        const { method, template, operation } = route
        const { responses, requestBody } = operation.value
        if (!isObject(responses)) continue
        if (requestBody === undefined && parametersOfRoute(set, route).length === 0) continue
        if (Object.keys(responses).some((status) => /^4|^default$/.test(status))) continue
        report({
          at: { document: operation.document, pointer: appendPointer(operation.pointer, 'responses') },
          part: 'key',
          message: `${method} ${template} does not describe the answer to a request that is refused`,
          hint: 'Add a response `4XX`, `400` or `default` with `application/problem+json` (RFC 9457).',
        })
      }
    },
  },
}
