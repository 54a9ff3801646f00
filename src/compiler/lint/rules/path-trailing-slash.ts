import type { Rule } from '../rule.ts'

export const pathTrailingSlash: Rule = {
  id: 'path-trailing-slash',
  severity: 'warning',
  summary: 'No two paths differ in nothing but a slash at the end.',
  visit: {
    project: ({ routes, report }) => {
      const paths = new Set(routes.map(({ fullPath }) => fullPath))
      for (const { fullPath, path } of routes) {
        const without = fullPath.slice(0, -1)
        if (!fullPath.endsWith('/') || without === '' || !paths.has(without)) continue
        report({
          at: path,
          part: 'key',
          message: `${JSON.stringify(fullPath)} and ${JSON.stringify(without)} are two paths to the gateway, and one to most people`,
          hint: 'Keep one of the two.',
        })
      }
    },
  },
}
