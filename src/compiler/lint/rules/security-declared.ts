import { chainOf, type ChainEntry } from '../middleware-chain.ts'
import { isAuthenticating } from '../enforcing-middlewares.ts'
import type { RouteNode } from '../routes.ts'
import type { Rule } from '../rule.ts'
import { effectiveSecurity } from '../security.ts'

export const securityDeclared: Rule = {
  id: 'security-declared',
  code: 'E1057',
  severity: 'warning',
  summary: 'Where a middleware asks for credentials, the description says so.',
  visit: {
    project: ({ routes, report }) => {
      const undeclared = new Map<string, { entry: ChainEntry; routes: RouteNode[] }>()
      for (const route of routes) {
        if ((effectiveSecurity(route)?.schemes.length ?? 0) > 0) continue
        for (const entry of chainOf(route).filter(({ name }) => isAuthenticating(name))) {
          const place = `${entry.at.document.path}#${entry.at.pointer}`
          const known = undeclared.get(place)
          if (known === undefined) undeclared.set(place, { entry, routes: [route] })
          else known.routes.push(route)
        }
      }
      for (const { entry, routes } of undeclared.values()) {
        const [first, ...others] = routes as [RouteNode, ...RouteNode[]]
        const more = others.length > 0 ? ` and ${others.length} more` : ''
        report({
          at: entry.at,
          message: `\`${entry.name}\` asks for credentials that the description does not declare: ${first.method} ${first.template}${more}`,
          hint: 'Add the scheme to `components/securitySchemes`, and require it with `security`.',
        })
      }
    },
  },
}
