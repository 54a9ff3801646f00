import { isAuthenticating } from '../enforcing-middlewares.ts'
import { chainOf } from '../middleware-chain.ts'
import { reportByRoot } from '../report-by-root.ts'
import type { RouteNode } from '../routes.ts'
import type { Rule } from '../rule.ts'
import { effectiveSecurity } from '../security.ts'

const ADMINISTRATIVE = /^(?:_?admin|administration|internal|management|actuator|debug|_?cluster)$/i

export const adminPathOpen: Rule = {
  id: 'admin-path-open',
  severity: 'warning',
  summary: 'Paths that are named as administrative are not open to everybody.',
  visit: {
    project: ({ routes, report }) => {
      const open = routes.filter((route) => segmentOf(route) !== undefined && isOpen(route))
      reportByRoot(open, report, (first, more) => ({
        at: first.operation,
        part: 'key',
        message: `${first.method} ${first.template}${more}: everybody may call what is below \`${segmentOf(first)}\``,
        hint: 'Require a scheme with `security` and a middleware that enforces it, or limit it by `ip-restriction`.',
      }))
    },
  },
}

function segmentOf({ fullPath }: RouteNode): string | undefined {
  return fullPath.split('/').find((text) => ADMINISTRATIVE.test(text))
}

function isOpen(route: RouteNode): boolean {
  const security = effectiveSecurity(route)
  const isRequired = security !== undefined && security.schemes.length > 0 && !security.isOptional
  return (
    !isRequired && !chainOf(route).some(({ name }) => isAuthenticating(name) || name === 'ip-restriction')
  )
}
