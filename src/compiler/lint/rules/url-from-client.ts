import { isObject } from '../../../domain/index.ts'
import { parametersOfRoute } from '../parameters.ts'
import { requestSchemas } from '../request-schemas.ts'
import type { Rule, RuleContext } from '../rule.ts'

/** Redirections are followed by the client itself, and `callback` alone names a function of JSONP. */
const NAME =
  /^(?:(?:callback|webhook|forward|target|proxy|fetch|import|image|avatar|remote|source)[_-]?)?ur[il]$|^webhook$/i

export const urlFromClient: Rule = {
  id: 'url-from-client',
  severity: 'info',
  summary: 'URLs that clients give are limited to those that a service may call.',
  visit: {
    project: (context) => {
      const { set, routes, report } = context
      const seen = new Set<unknown>()
      for (const route of routes) {
        for (const { name, listed, value } of parametersOfRoute(set, route)) {
          if (seen.has(value) || !NAME.test(name) || isLimited(value['schema'])) continue
          seen.add(value)
          report({ at: listed, ...explain(`The parameter \`${name}\``) })
        }
      }
      reportProperties(context)
    },
  },
}

function reportProperties({ set, routes, report }: RuleContext): void {
  for (const schema of requestSchemas(set, routes)) {
    if (isLimited(schema.value)) continue
    const [, property = ''] = /\/properties\/([^/]+)$/.exec(schema.pointer) ?? []
    if (NAME.test(property)) report({ at: schema, part: 'key', ...explain(`\`${property}\``) })
  }
}

function explain(what: string): { readonly message: string; readonly hint: string } {
  return {
    message: `${what} is a URL that the client chooses; a service that calls it can be sent into its own network`,
    hint: 'Say with `enum` or `pattern` (`^https://partner\\.example/`) which are admitted.',
  }
}

/** What a reference leads to is looked at where it is written. */
function isLimited(schema: unknown): boolean {
  if (!isObject(schema)) return true
  const { type, $ref, enum: values, const: value, pattern } = schema
  return (
    type !== 'string' ||
    $ref !== undefined ||
    values !== undefined ||
    value !== undefined ||
    pattern !== undefined
  )
}
