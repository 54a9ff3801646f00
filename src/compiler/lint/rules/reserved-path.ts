import type { Rule } from '../rule.ts'

export const reservedPath: Rule = {
  id: 'reserved-path',
  severity: 'error',
  summary: 'Paths below /__barbacane belong to the gateway.',
  visit: {
    project: ({ routes, report }) => {
      for (const { fullPath, path } of routes) {
        if (!/^\/+__barbacane(?:\/|$)/.test(fullPath)) continue
        report({
          at: path,
          part: 'key',
          message: `The path ${JSON.stringify(fullPath)} is reserved for the gateway itself`,
          hint: 'Choose a path that does not begin with /__barbacane.',
        })
      }
    },
  },
}
