import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

import type { Finding, JsonSchema } from '../../domain/index.ts'
import type { DocumentSet } from '../document/index.ts'
import { projectPluginUses } from '../lint/index.ts'
import { configFaults } from '../structure/index.ts'

/** Finds configurations of the project's plugins that do not fit the plugin's schema (rule `plugin-config`). */
export function checkPluginConfigs(
  set: DocumentSet,
  schemas: ReadonlyMap<string, JsonSchema>,
): readonly Finding[] {
  if (schemas.size === 0) return []
  const ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true, logger: false })
  addFormats.default(ajv)
  const validators = new Map([...schemas].map(([name, schema]) => [name, ajv.compile(schema)]))
  return projectPluginUses(set).flatMap(({ name, config }) => {
    const validate = validators.get(name)
    if (validate === undefined) return []
    return configFaults(validate, name, config.value).map(({ pointer, part, message, hint }): Finding => ({
      rule: 'plugin-config',
      code: 'E1023',
      severity: 'error',
      message,
      hint,
      at: config.document.locate(config.pointer + pointer, pointer === '' ? 'key' : part),
    }))
  })
}
