import { parametersOfRoute } from '../parameters.ts'
import { memberOf } from '../routes.ts'
import type { Rule } from '../rule.ts'

const NAME = /^(?:\$?(?:limit|top|first|count)|(?:page[_-]?)?size|per[_-]?page|max[_-]?results)$/i

export const pageSizeUnbounded: Rule = {
  id: 'page-size-unbounded',
  severity: 'info',
  summary: 'How much a client may ask for at once is limited.',
  visit: {
    project: ({ set, routes, report }) => {
      const seen = new Set<unknown>()
      for (const route of routes) {
        for (const { name, in: location, listed, value, target } of parametersOfRoute(set, route)) {
          if (location !== 'query' || !NAME.test(name) || seen.has(value)) continue
          seen.add(value)
          const schema = memberOf(set, target, 'schema')
          if (schema === undefined || !isUnbounded(schema.value)) continue
          report({
            at: listed,
            message: `The parameter \`${name}\` lets a client ask for any number at once`,
            hint: 'Add `maximum`.',
          })
        }
      }
    },
  },
}

function isUnbounded(schema: Readonly<Record<string, unknown>>): boolean {
  const { type } = schema
  const isNumber = type === 'integer' || type === 'number'
  const isOpen = ['maximum', 'exclusiveMaximum', 'enum', 'const'].every((key) => schema[key] === undefined)
  return isNumber && isOpen
}
