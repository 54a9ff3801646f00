import { resolve } from 'node:path'

import { CONFIG_VARIABLE } from './environment.ts'
import { gatherSettings, type GatheredSettings, type GivenSettings } from './gather-settings.ts'
import { readSettingsFile } from './settings-file.ts'

export type { GatheredSettings, GivenSettings } from './gather-settings.ts'
export {
  serveDefaults,
  settingNames,
  settingTable,
  type ServeFlags,
  type SettingName,
  type SwitchName,
} from './serve-settings.ts'

/**
 * Everything that is set of a gateway, by flags, variables and the settings file.
 *
 * @param config the settings file that a flag names; `BARBACANE_CONFIG` otherwise
 * @throws {ProblemError} BCN_SERVE_OPTION, BCN_SERVE_CONFIG
 */
export async function readSettings(
  given: GivenSettings,
  config: string | undefined,
  { env, cwd }: { readonly env: Readonly<Record<string, string | undefined>>; readonly cwd: string },
): Promise<GatheredSettings> {
  const name = config ?? (env[CONFIG_VARIABLE] || undefined)
  const file = name === undefined ? undefined : await readSettingsFile(resolve(cwd, name), name)
  return gatherSettings({ given, env, file })
}
