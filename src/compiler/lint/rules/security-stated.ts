import { isAuthenticating } from '../enforcing-middlewares.ts'
import { chainOf } from '../middleware-chain.ts'
import { reportByRoot } from '../report-by-root.ts'
import type { RouteNode } from '../routes.ts'
import type { Rule } from '../rule.ts'
import { declaredSchemes, effectiveSecurity } from '../security.ts'

/** They change nothing (RFC 9110 §9.2.1); QUERY is as safe. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])

export const securityStated: Rule = {
  id: 'security-stated',
  severity: 'info',
  summary: 'Whoever may change something is named, even where it is everybody.',
  visit: {
    project: ({ routes, report }) => {
      reportByRoot(routes.filter(isSilent), report, ({ method, template, operation }, more) => ({
        at: operation,
        part: 'key',
        message: `${method} ${template}${more}: everybody may send it, and the description does not say that this is meant`,
        hint: 'Require a scheme with `security`, or write `security: []` where everybody is meant.',
      }))
    },
  },
}

/** Only a description that declares schemes can have forgotten an operation. */
function isSilent(route: RouteNode): boolean {
  if (Object.keys(declaredSchemes(route.root)).length === 0) return false
  if (SAFE_METHODS.has(route.method) || effectiveSecurity(route) !== undefined) return false
  return !chainOf(route).some(({ name }) => isAuthenticating(name))
}
