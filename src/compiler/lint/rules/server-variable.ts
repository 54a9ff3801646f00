import { appendPointer, isObject } from '../../../domain/index.ts'
import type { Rule } from '../rule.ts'

export const serverVariable: Rule = {
  id: 'server-variable',
  severity: 'error',
  summary: 'The default of a variable of a server is one of its values.',
  visit: {
    server: ({ document, pointer, value }, { roots, report }) => {
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

function isOld(root: unknown): boolean {
  return isObject(root) && String(root['openapi']).startsWith('3.0.')
}
