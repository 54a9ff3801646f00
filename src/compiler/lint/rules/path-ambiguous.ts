import { parseTemplate } from '../path-template.ts'
import type { RouteNode } from '../routes.ts'
import type { Rule } from '../rule.ts'

interface SharedPath {
  readonly routes: RouteNode[]
  readonly methods: Set<string>
}

export const pathAmbiguous: Rule = {
  id: 'path-ambiguous',
  code: 'E1050',
  severity: 'error',
  summary: 'No two paths differ in nothing but the names of their parameters.',
  visit: {
    project: ({ routes, report }) => {
      for (const paths of groupByShape(routes).values()) {
        const [[firstPath, first] = [], ...others] = [...paths]
        if (firstPath === undefined || first === undefined) continue
        const taken = new Set(first.methods)
        for (const [fullPath, { routes, methods }] of others) {
          const both = [...methods].filter((method) => taken.has(method))
          for (const method of methods) taken.add(method)
          const [route] = routes
          if (route === undefined) continue
          const which = both.length === 0 ? '' : ` for ${both.join(', ')}`
          report({
            at: route.path,
            part: 'key',
            severity: both.length === 0 ? 'warning' : 'error',
            message: `${JSON.stringify(fullPath)} matches the same requests as ${JSON.stringify(firstPath)}${which}`,
            hint: 'Use the same parameter names in both, and one path item for all methods.',
          })
        }
      }
    },
  },
}

function groupByShape(routes: readonly RouteNode[]): Map<string, Map<string, SharedPath>> {
  const shapes = new Map<string, Map<string, SharedPath>>()
  for (const route of routes) {
    const parsed = parseTemplate(route.fullPath)
    if ('fault' in parsed) continue
    const paths = shapes.get(parsed.shape) ?? new Map<string, SharedPath>()
    const shared = paths.get(route.fullPath) ?? { routes: [], methods: new Set() }
    shared.routes.push(route)
    shared.methods.add(route.method)
    paths.set(route.fullPath, shared)
    shapes.set(parsed.shape, paths)
  }
  return shapes
}
