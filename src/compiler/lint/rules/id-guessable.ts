import { parametersOfRoute } from '../parameters.ts'
import { reportByRoot } from '../report-by-root.ts'
import { memberOf, type RouteNode } from '../routes.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { effectiveSecurity } from '../security.ts'

export const idGuessable: Rule = {
  id: 'id-guessable',
  severity: 'info',
  summary: 'Things of somebody are not called by numbers that others can guess.',
  visit: {
    project: ({ set, routes, report }) => {
      const guessable = routes.filter((route) => isPersonal(route) && hasNumber(route, set))
      reportByRoot(guessable, report, ({ method, template, operation }, more) => ({
        at: operation,
        part: 'key',
        message: `${method} ${template}${more} names a thing by a number; who knows one can try the next`,
        hint: 'Use `type: string, format: uuid`, and let the service check whose each thing is.',
      }))
    },
  },
}

/** What everybody may see need not be guessed. */
function isPersonal(route: RouteNode): boolean {
  const security = effectiveSecurity(route)
  return security !== undefined && security.schemes.length > 0 && !security.isOptional
}

function hasNumber(route: RouteNode, set: RuleContext['set']): boolean {
  return parametersOfRoute(set, route).some((parameter) => {
    if (parameter.in !== 'path' || !/(?:^|[_-])id$|Id$/.test(parameter.name)) return false
    return memberOf(set, parameter.target, 'schema')?.value['type'] === 'integer'
  })
}
