import { builtins } from '../../../domain/index.ts'
import { checkConfig } from '../../structure/index.ts'
import type { Rule } from '../rule.ts'

export const pluginConfig: Rule = {
  id: 'plugin-config',
  code: 'E1023',
  severity: 'error',
  summary: 'The configuration of a built-in plugin fits its schema.',
  visit: {
    pluginUse: ({ name, type, config }, { plugins, report }) => {
      // A plugin of the project may have the name of a built-in; its schema is not known here.
      if (plugins?.has(name) === true || builtins.get(name)?.type !== type) return
      for (const { pointer, part, message, hint } of checkConfig(name, config.value)) {
        const at = { document: config.document, pointer: config.pointer + pointer }
        report({ at, part: pointer === '' ? 'key' : part, message, hint })
      }
    },
  },
}
