import { withoutFragment } from '../path-fragment.ts'
import { parseTemplate } from '../path-template.ts'
import type { Rule } from '../rule.ts'

export const pathTemplate: Rule = {
  id: 'path-template',
  code: 'E1054',
  severity: 'error',
  summary: 'A path template can be parsed.',
  visit: {
    project: ({ routes, report }) => {
      for (const route of routes) {
        const { template, path } = route
        const parsed = parseTemplate(withoutFragment(route))
        if (!('fault' in parsed)) continue
        report({
          at: path,
          part: 'key',
          message: `The path ${JSON.stringify(template)} cannot be matched: ${parsed.fault}`,
          hint: 'Write it as /fixed/{one-segment}/{the-rest+}, each parameter with a name of its own.',
        })
      }
    },
  },
}
