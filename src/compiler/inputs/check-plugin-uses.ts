import type { Finding, PluginDescriptor } from '../../domain/index.ts'
import type { DocumentSet } from '../document/index.ts'
import { projectPluginUses } from '../lint/index.ts'

/** Finds plugins of the project that are used as what they are not (rule `plugin-type`). */
export function checkPluginUses(set: DocumentSet, plugins: readonly PluginDescriptor[]): readonly Finding[] {
  const types = new Map(plugins.map(({ name, type }) => [name, type]))
  return projectPluginUses(set).flatMap(({ name, type, document, pointer }) => {
    const actual = types.get(name)
    if (actual === undefined || actual === null || actual === type) return []
    return [
      {
        rule: 'plugin-type',
        code: 'E1024',
        severity: 'error',
        message: `The plugin \`${name}\` is a ${actual}, not a ${type}`,
        hint:
          actual === 'middleware'
            ? 'List it in `x-barbacane-middlewares`.'
            : 'Name it in the `x-barbacane-dispatch` of an operation.',
        at: document.locate(`${pointer}/name`),
      },
    ]
  })
}
