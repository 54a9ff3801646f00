import { DISPATCH } from '../plugin-uses.ts'
import type { Rule } from '../rule.ts'

export const dispatchMissing: Rule = {
  id: 'dispatch-missing',
  code: 'E1020',
  severity: 'error',
  summary: 'Every operation says who answers it.',
  visit: {
    project: ({ routes, report }) => {
      for (const [root, own] of Map.groupBy(routes, (route) => route.root)) {
        const missing = own.filter(({ operation }) => operation.value[DISPATCH] === undefined)
        const hint = `Add \`${DISPATCH}: { name: http-upstream, config: { url: https://… } }\`.`
        if (missing.length > 1 && missing.length === own.length) {
          const message = `None of the ${own.length} operations has \`${DISPATCH}\``
          report({ at: { document: root, pointer: '/paths' }, part: 'key', message, hint })
          continue
        }
        for (const { method, template, operation } of missing) {
          const message = `${method} ${template} has no \`${DISPATCH}\``
          report({ at: operation, part: 'key', message, hint })
        }
      }
    },
  },
}
