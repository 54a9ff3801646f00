import { appendPointer } from '../../../domain/index.ts'
import { enforcersOf, enforces } from '../enforcing-middlewares.ts'
import { chainOf } from '../middleware-chain.ts'
import { MIDDLEWARES } from '../plugin-uses.ts'
import type { RouteNode } from '../routes.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { schemeOf, securityOf, type NamedScheme } from '../security.ts'

export const securityEnforced: Rule = {
  id: 'security-enforced',
  code: 'E1032',
  severity: 'error',
  summary: 'Every security scheme that an operation requires is enforced by a middleware.',
  visit: {
    project: (context) => {
      const inherited = new Map<NamedScheme, RouteNode[]>()
      for (const [root, routes] of Map.groupBy(context.routes, (route) => route.root)) {
        const ofRoot = securityOf({ document: root, pointer: '', value: root.root })
        for (const route of routes) {
          const own = securityOf(route.operation)
          const security = own ?? ofRoot
          if (security === undefined || security.isOptional) continue
          for (const named of security.schemes) {
            if (isEnforced(named, route, context)) continue
            const isRootsFault = own === undefined && route.operation.value[MIDDLEWARES] === undefined
            if (isRootsFault) inherited.set(named, [...(inherited.get(named) ?? []), route])
            else reportAt(own === undefined ? chainPlaceOf(route) : named.at, named, [route], context)
          }
        }
      }
      for (const [named, routes] of inherited) reportAt(named.at, named, routes, context)
    },
  },
}

function isEnforced(named: NamedScheme, route: RouteNode, { set }: RuleContext): boolean {
  const scheme = schemeOf(set, route.root, named)
  // What is not declared is another rule's business.
  if (scheme === undefined) return true
  return chainOf(route).some((middleware) => enforces(middleware.name, scheme.value))
}

function chainPlaceOf({ operation }: RouteNode): NamedScheme['at'] {
  return { document: operation.document, pointer: appendPointer(operation.pointer, MIDDLEWARES) }
}

function reportAt(
  at: NamedScheme['at'],
  named: NamedScheme,
  routes: readonly RouteNode[],
  { set, report }: RuleContext,
): void {
  const [first] = routes
  if (first === undefined) return
  const others = routes.length > 1 ? ` and ${routes.length - 1} more` : ''
  const operations = `${first.method} ${first.template}${others}`
  const enforcers = enforcersOf(schemeOf(set, first.root, named)?.value ?? {})
  const how =
    enforcers.length > 0
      ? `Add ${enforcers.map((middleware) => `\`${middleware}\``).join(', ')} or a plugin of your own to \`${MIDDLEWARES}\``
      : `Require a scheme that a middleware enforces`
  const message = `${operations}: no middleware enforces the security scheme \`${named.name}\``
  report({ at, part: 'key', message, hint: `${how}, or write \`security: []\` where nothing is required.` })
}
