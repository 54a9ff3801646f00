import { isObject } from '../../../domain/index.ts'
import { isAuthenticating } from '../enforcing-middlewares.ts'
import { chainOf } from '../middleware-chain.ts'
import { reportByRoot } from '../report-by-root.ts'
import type { RouteNode } from '../routes.ts'
import type { Rule } from '../rule.ts'

/** What middlewares refuse with, and which do. */
const REFUSALS: readonly (readonly [
  status: string,
  what: string,
  refuses: (middleware: string) => boolean,
])[] = [
  ['401', 'a request without credentials', isAuthenticating],
  ['403', 'a client that may not do this', (name) => ['acl', 'ip-restriction', 'opa-authz'].includes(name)],
  ['429', 'a client that asks too often', (name) => name === 'rate-limit'],
]

export const refusalsDescribed: Rule = {
  id: 'refusals-described',
  severity: 'info',
  summary: 'What middlewares refuse a request with is described.',
  visit: {
    project: ({ routes, report }) => {
      for (const [status, what, refuses] of REFUSALS) {
        const silent = routes.filter((route) => isSilent(route, status, refuses))
        reportByRoot(silent, report, ({ method, template, operation }, more) => ({
          at: operation,
          part: 'key',
          message: `${method} ${template}${more} does not describe ${status}, the answer to ${what}`,
          hint: `Add a response \`${status}\`, \`4XX\` or \`default\` with \`application/problem+json\` (RFC 9457).`,
        }))
      }
    },
  },
}

function isSilent(route: RouteNode, status: string, refuses: (middleware: string) => boolean): boolean {
  const { responses } = route.operation.value
  if (!isObject(responses) || !chainOf(route).some(({ name }) => refuses(name))) return false
  return ![status, '4XX', '4xx', 'default'].some((key) => Object.hasOwn(responses, key))
}
