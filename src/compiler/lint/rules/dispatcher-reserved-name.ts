import { appendPointer, builtins } from '../../../domain/index.ts'
import { reservedDispatchers } from '../reserved-dispatchers.ts'
import type { Rule } from '../rule.ts'

export const dispatcherReservedName: Rule = {
  id: 'dispatcher-reserved-name',
  code: 'E1040',
  severity: 'error',
  summary: 'A dispatcher that Barbacane knows is one that this version has.',
  visit: {
    pluginUse: ({ document, pointer, type, name }, { plugins, report }) => {
      const does = reservedDispatchers.get(name)
      if (type !== 'dispatcher' || does === undefined || builtins.has(name)) return
      if (plugins?.has(name) === true) return
      const others = [...builtins.values()].filter((builtin) => builtin.type === 'dispatcher')
      report({
        at: { document, pointer: appendPointer(pointer, 'name') },
        message: `The dispatcher \`${name}\` (${does}) is not in this version`,
        hint: `Use one of ${others.map((builtin) => `\`${builtin.name}\``).join(', ')}, or list a plugin of this name under \`plugins\`.`,
      })
    },
  },
}
