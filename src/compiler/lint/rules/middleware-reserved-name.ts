import { appendPointer, builtins } from '../../../domain/index.ts'
import { reservedMiddlewares } from '../reserved-middlewares.ts'
import type { Rule } from '../rule.ts'

export const middlewareReservedName: Rule = {
  id: 'middleware-reserved-name',
  code: 'E1040',
  severity: 'error',
  summary: 'A middleware that Barbacane knows is one that this version has.',
  visit: {
    pluginUse: ({ document, pointer, type, name }, { plugins, report }) => {
      const does = reservedMiddlewares.get(name)
      if (type !== 'middleware' || does === undefined || builtins.has(name)) return
      if (plugins?.has(name) === true) return
      report({
        at: { document, pointer: appendPointer(pointer, 'name') },
        message: `The middleware \`${name}\` (${does}) is not in this version`,
        hint: `Use another (\`barbacane plugin docs\` lists them), or list a plugin of this name under \`plugins\`.`,
      })
    },
  },
}
