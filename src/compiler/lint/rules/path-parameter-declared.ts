import { parametersOfRoute } from '../parameters.ts'
import { parseTemplate } from '../path-template.ts'
import type { RouteNode } from '../routes.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const pathParameterDeclared: Rule = {
  id: 'path-parameter-declared',
  severity: 'error',
  summary: 'The parameters of a path template and the declared path parameters are the same.',
  visit: {
    project: (context) => {
      const byPath = Map.groupBy(context.routes, ({ path }) => `${path.document.path}#${path.pointer}`)
      for (const routes of byPath.values()) checkPath(routes, context)
    },
  },
}

function checkPath(routes: readonly RouteNode[], context: RuleContext): void {
  const [first] = routes
  const parsed = first === undefined ? undefined : parseTemplate(first.template)
  if (first === undefined || parsed === undefined || 'fault' in parsed) return
  const missing = new Map<string, RouteNode[]>()
  for (const route of routes) {
    const declared = parametersOfRoute(context.set, route).filter((parameter) => parameter.in === 'path')
    const names = new Set(declared.map((parameter) => parameter.name))
    for (const name of parsed.parameters) {
      if (!names.has(name)) missing.set(name, [...(missing.get(name) ?? []), route])
    }
    for (const { name, listed } of declared) {
      if (parsed.parameters.includes(name)) continue
      const wanted = parsed.parameters.map((parameter) => `{${parameter}}`).join(', ') || 'none'
      context.report({
        at: listed,
        message: `The path parameter \`${name}\` does not stand in ${JSON.stringify(first.template)}`,
        hint: `The parameters of this path are: ${wanted}.`,
      })
    }
  }
  for (const [name, where] of missing) reportMissing(name, where, where.length === routes.length, context)
}

function reportMissing(
  name: string,
  routes: readonly RouteNode[],
  isAll: boolean,
  context: RuleContext,
): void {
  const hint = `Add { name: ${name}, in: path, required: true, schema: { type: string } } to \`parameters\`.`
  for (const { template, path, operation, method } of isAll ? routes.slice(0, 1) : routes) {
    const of = isAll ? '' : ` for ${method}`
    const message = `{${name}} of the path ${JSON.stringify(template)} is not declared as a parameter${of}`
    context.report({ at: isAll ? path : operation, part: 'key', message, hint })
  }
}
