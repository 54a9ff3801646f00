import { parametersOf } from '../parameters.ts'
import type { Rule } from '../rule.ts'

export const querystringAlone: Rule = {
  id: 'querystring-alone',
  severity: 'error',
  summary: 'A parameter for the query as a whole is the only one of the query.',
  visit: {
    project: ({ routes, set, report }) => {
      const reported = new Set<string>()
      for (const { method, fullPath, pathItem, operation } of routes) {
        const lists = [parametersOf(set, operation), parametersOf(set, pathItem)]
        const parameters = lists.flat().filter((parameter) => parameter.in.startsWith('query'))
        const whole = parameters.find((parameter) => parameter.in === 'querystring')
        if (whole === undefined) continue
        // That one list holds both is a matter of its structure.
        const own = lists.find((list) => list.includes(whole))
        const other = parameters.find((parameter) => own?.includes(parameter) === false)
        const place = `${whole.listed.document.path}#${whole.listed.pointer}`
        if (other === undefined || reported.has(place)) continue
        reported.add(place)
        report({
          at: whole.listed,
          message: `${method} ${fullPath}: \`${whole.name}\` is the whole query, and \`${other.name}\` is of it, too`,
          hint: 'Describe the query by one parameter `in: querystring`, or by any number `in: query`.',
        })
      }
    },
  },
}
