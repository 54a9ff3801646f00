import { parseTemplate } from '../path-template.ts'
import type { Rule } from '../rule.ts'

export const greedyParameterLast: Rule = {
  id: 'greedy-parameter-last',
  code: 'E1054',
  severity: 'error',
  summary: 'A parameter that takes the rest of the path is the whole of its last segment.',
  visit: {
    project: ({ routes, report }) => {
      for (const { template, path } of routes) {
        const parsed = parseTemplate(template)
        if ('fault' in parsed) continue
        const greedy = parsed.segments.findIndex((segment) => segment.isGreedy)
        const segment = parsed.segments[greedy]
        if (segment === undefined) continue
        const isWhole = segment.parameters.length === 1 && segment.text === `{${segment.parameters[0]}+}`
        if (isWhole && greedy === parsed.segments.length - 1) continue
        report({
          at: path,
          part: 'key',
          message: `\`${segment.text}\` takes the rest of the path but is not the whole last segment of ${JSON.stringify(template)}`,
          hint: 'Move it to the end, or drop the `+` to match a single segment.',
        })
      }
    },
  },
}
