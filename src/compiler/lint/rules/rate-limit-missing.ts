import { chainOf } from '../middleware-chain.ts'
import { reportByRoot } from '../report-by-root.ts'
import type { RouteNode } from '../routes.ts'
import type { Rule } from '../rule.ts'

/** Middlewares that limit how often a client may ask; plugins of a project are known by such a name. */
const LIMITING = /(?:^|-)(?:rate-?limit|quota|throttl|ai-token-limit)/

export const rateLimitMissing: Rule = {
  id: 'rate-limit-missing',
  severity: 'info',
  summary: 'Where some operations have a rate limit, all have one.',
  visit: {
    project: ({ routes, report }) => {
      const isMeant = new Set(routes.filter(isLimited).map(({ root }) => root))
      // Only a description that limits some operations can have forgotten one.
      const forgotten = routes.filter((route) => isMeant.has(route.root) && !isLimited(route))
      reportByRoot(forgotten, report, ({ method, template, operation }, more) => ({
        at: operation,
        part: 'key',
        message: `${method} ${template}${more} can be called without limit, while other operations have one`,
        hint: 'Add `rate-limit` to `x-barbacane-middlewares`, at the root where it is meant for all.',
      }))
    },
  },
}

function isLimited(route: RouteNode): boolean {
  return chainOf(route).some(({ name }) => LIMITING.test(name))
}
