import { isObject } from '../../../domain/index.ts'
import { parametersOf } from '../parameters.ts'
import { hasFragment } from '../path-fragment.ts'
import { parseTemplate } from '../path-template.ts'
import { followReferences, type RouteNode } from '../routes.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const routeUnreachable: Rule = {
  id: 'route-unreachable',
  severity: 'warning',
  summary: 'Every route can be reached by some request.',
  visit: {
    project: (context) => {
      const taken = new Set(context.routes.map(({ fullPath, method }) => `${method} ${fullPath}`))
      for (const route of context.routes) {
        const reason = fragment(route) ?? dotSegment(route) ?? shadowed(route, taken, context)
        if (reason === undefined) continue
        context.report({
          at: route.path,
          part: 'key',
          message: `No request reaches ${route.method} ${JSON.stringify(route.fullPath)}: ${reason}`,
          hint: 'Remove it, or give it a path of its own.',
        })
      }
    },
  },
}

/** Clients keep a fragment to themselves (RFC 9110 §7.1); the plan leaves such a route out. */
function fragment(route: RouteNode): string | undefined {
  return hasFragment(route) ? 'a fragment is never sent' : undefined
}

/** Clients resolve such segments before they send (RFC 3986 §5.2.4), and the gateway refuses them. */
function dotSegment({ fullPath }: RouteNode): string | undefined {
  const dots = fullPath.split('/').find((segment) => /^(?:\.|%2e){1,2}$/i.test(segment))
  return dots === undefined ? undefined : `the segment \`${dots}\` is resolved before it is sent`
}

/** The values of a parameter that each have a path of their own, which is tried first. */
function shadowed(route: RouteNode, taken: ReadonlySet<string>, context: RuleContext): string | undefined {
  const parsed = parseTemplate(route.fullPath)
  if ('fault' in parsed) return undefined
  for (const name of parsed.parameters) {
    const values = valuesOf(route, name, context)
    const isTaken = (value: string): boolean =>
      taken.has(`${route.method} ${route.fullPath.replace(`{${name}}`, encodeURIComponent(value))}`)
    if (values !== undefined && values.length > 0 && values.every(isTaken)) {
      return `every value of \`${name}\` has a path of its own`
    }
  }
  return undefined
}

function valuesOf(
  { pathItem, operation }: RouteNode,
  name: string,
  { set }: RuleContext,
): readonly string[] | undefined {
  const declared = [...parametersOf(set, operation), ...parametersOf(set, pathItem)]
  const parameter = declared.find((parameter) => parameter.in === 'path' && parameter.name === name)
  if (parameter === undefined || !isObject(parameter.value['schema'])) return undefined
  const { document } = parameter.target
  const at = { document, pointer: `${parameter.target.pointer}/schema`, value: parameter.value['schema'] }
  const schema = followReferences(set, at)
  const values: unknown =
    schema?.value['enum'] ?? (schema && 'const' in schema.value ? [schema.value['const']] : [])
  return Array.isArray(values) && values.every((value) => typeof value === 'string') ? values : undefined
}
