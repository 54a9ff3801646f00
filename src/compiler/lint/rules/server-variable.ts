import { appendPointer, isObject } from '../../../domain/index.ts'
import type { GraphNode } from '../../document/index.ts'
import { knowsOpenApi32 } from '../modern-schemas.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const serverVariable: Rule = {
  id: 'server-variable',
  severity: 'error',
  summary: 'The default of a variable of a server is one of its values, and the URL has it once.',
  visit: {
    server: (node, context) => {
      const { document, pointer, value } = node
      const { roots, report } = context
      checkRepeated(node, context)
      const variables = isObject(value['variables']) ? value['variables'] : {}
      for (const [name, variable] of Object.entries(variables)) {
        const { default: fallback, enum: values } = isObject(variable) ? variable : {}
        if (typeof fallback !== 'string' || !Array.isArray(values) || values.length === 0) continue
        if (values.includes(fallback)) continue
        const at = appendPointer(appendPointer(`${pointer}/variables`, name), 'default')
        report({
          at: { document, pointer: at },
          message: `The default ${JSON.stringify(fallback)} of \`${name}\` is none of its values`,
          hint: `Write one of: ${values.map(String).join(', ')}; or add it to \`enum\`.`,
          // OpenAPI 3.0 recommends it, 3.1 §4.8.6.1 demands it.
          ...(roots.every(({ root }) => isOld(root)) ? { severity: 'warning' as const } : {}),
        })
      }
    },
  },
}

/** OpenAPI 3.2 §4.6; before, nothing was said of it. */
function checkRepeated(node: GraphNode, context: RuleContext): void {
  const { url } = node.value
  if (typeof url !== 'string' || !url.includes('{') || !knowsOpenApi32(node, context)) return
  const names = [...url.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name)
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated === undefined) return
  context.report({
    at: { document: node.document, pointer: `${node.pointer}/url` },
    message: `The variable {${repeated}} stands in the URL ${JSON.stringify(url)} twice`,
    hint: 'Give each place a variable of its own.',
  })
}

function isOld(root: unknown): boolean {
  return isObject(root) && String(root['openapi']).startsWith('3.0.')
}
