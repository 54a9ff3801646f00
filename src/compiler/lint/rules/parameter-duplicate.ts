import type { GraphNode } from '../../document/index.ts'
import { parametersOf } from '../parameters.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const parameterDuplicate: Rule = {
  id: 'parameter-duplicate',
  severity: 'error',
  summary: 'A list of parameters has each name and location once.',
  visit: { pathItem: check, operation: check },
}

function check(node: GraphNode, { set, report }: RuleContext): void {
  const seen = new Set<string>()
  for (const { name, in: location, listed } of parametersOf(set, node)) {
    const id = `${location} ${location === 'header' ? name.toLowerCase() : name}`
    if (seen.has(id)) {
      report({
        at: listed,
        message: `The ${location} parameter \`${name}\` is listed twice`,
        hint: 'Remove one of the two; an operation overrides its path item by a list of its own.',
      })
    }
    seen.add(id)
  }
}
