import { builtins } from '../../../domain/index.ts'
import { checkConfig, type StructureFault } from '../../structure/index.ts'
import type { PluginUseNode } from '../plugin-uses.ts'
import type { Rule, RuleContext } from '../rule.ts'

export const pluginConfig: Rule = {
  id: 'plugin-config',
  code: 'E1023',
  severity: 'error',
  summary: 'The configuration of a plugin fits its schema.',
  visit: {
    pluginUse: (use, context) => {
      const { config } = use
      for (const { pointer, part, message, hint } of faultsOf(use, context)) {
        const at = { document: config.document, pointer: config.pointer + pointer }
        context.report({ at, part: pointer === '' ? 'key' : part, message, hint })
      }
    },
  },
}

function faultsOf(
  { name, type, config }: PluginUseNode,
  { plugins, pluginSchemas }: RuleContext,
): readonly StructureFault[] {
  const own = pluginSchemas?.get(name)
  if (own !== undefined) return own.check(config.value)
  // A plugin of the project may have the name of a built-in.
  const isBuiltin = plugins?.has(name) !== true && builtins.get(name)?.type === type
  return isBuiltin ? checkConfig(name, config.value) : []
}
