import type { Rule } from '../rule.ts'

export const operationMethod: Rule = {
  id: 'operation-method',
  severity: 'error',
  summary: 'Methods are written in upper case.',
  visit: {
    project: ({ routes, report }) => {
      for (const { method, operation } of routes) {
        // What is no token at all is a matter of the structure.
        if (!/[a-z]/.test(method) || !/^[!#$%&'*+.^_`|~\w-]+$/.test(method)) continue
        report({
          at: operation,
          part: 'key',
          message: `${JSON.stringify(method)} cannot be the method of an operation`,
          hint: 'Methods are compared with regard to case (RFC 9110 §9.1); write it in upper case, e.g. COPY.',
        })
      }
    },
  },
}
