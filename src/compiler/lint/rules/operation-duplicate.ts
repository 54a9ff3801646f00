import type { RouteNode } from '../routes.ts'
import type { Rule } from '../rule.ts'

export const operationDuplicate: Rule = {
  id: 'operation-duplicate',
  code: 'E1010',
  severity: 'error',
  summary: 'No two descriptions declare the same path and method.',
  visit: {
    project: ({ routes, report }) => {
      const first = new Map<string, RouteNode>()
      for (const route of routes) {
        const id = `${route.method} ${route.fullPath}`
        const known = first.get(id)
        if (known === undefined) {
          first.set(id, route)
          continue
        }
        report({
          // One path item that two paths refer to is written in one place only.
          at: known.operation.value === route.operation.value ? route.path : route.operation,
          part: 'key',
          message: `${id} is declared before in ${known.root.path}`,
          hint: 'Remove one of the two, or give the descriptions different base paths in `servers`.',
        })
      }
    },
  },
}
