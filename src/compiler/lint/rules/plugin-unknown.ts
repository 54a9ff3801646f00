import { appendPointer, builtins, didYouMean } from '../../../domain/index.ts'
import { reservedDispatchers } from '../reserved-dispatchers.ts'
import { reservedMiddlewares } from '../reserved-middlewares.ts'
import type { Rule } from '../rule.ts'

export const pluginUnknown: Rule = {
  id: 'plugin-unknown',
  code: 'E1040',
  severity: 'error',
  summary: 'Every plugin is built in, with the right type, or listed in barbacane.yaml.',
  visit: {
    pluginUse: ({ document, pointer, name, type }, { plugins, report }) => {
      const at = { document, pointer: appendPointer(pointer, 'name') }
      if (plugins?.has(name) === true) return
      const builtin = builtins.get(name)
      if (builtin !== undefined) {
        if (builtin.type === type) return
        const names = namesOf(type).join(', ')
        const hint = names === '' ? `No ${type} is built in.` : `Built-in ${type}s are: ${names}.`
        report({ at, code: 'E1024', message: `\`${name}\` is a ${builtin.type}, not a ${type}`, hint })
        return
      }
      // The rules about reserved names know better why there is none.
      const isReserved = (type === 'dispatcher' ? reservedDispatchers : reservedMiddlewares).has(name)
      if (plugins === undefined || isReserved) return
      const hint = didYouMean(
        name,
        [...namesOf(type), ...plugins],
        'List it under `plugins` in barbacane.yaml.',
      )
      report({
        at,
        message: `The ${type} \`${name}\` is neither built in nor listed in barbacane.yaml`,
        hint,
      })
    },
  },
}

function namesOf(type: 'dispatcher' | 'middleware'): readonly string[] {
  return [...builtins.values()].filter((builtin) => builtin.type === type).map((builtin) => builtin.name)
}
