import { misspeltName } from '../../domain/index.ts'
import { settingNames, type SettingName } from './serve-settings.ts'

const PREFIX = 'BARBACANE_'
/** Names the settings file. */
export const CONFIG_VARIABLE = `${PREFIX}CONFIG`

/** The variable of a setting: `admin-bind` is set by `BARBACANE_ADMIN_BIND`. */
export function variableOf(name: SettingName): string {
  return `${PREFIX}${name.toUpperCase().replaceAll('-', '_')}`
}

const variables = [CONFIG_VARIABLE, ...settingNames.map(variableOf)]

/** The variable that an unknown one beginning with `BARBACANE_` can only be a slip of; undefined for all others. */
export function settingOfVariable(variable: string): string | undefined {
  if (!variable.startsWith(PREFIX) || variables.includes(variable)) return undefined
  const names = variables.map((one) => one.slice(PREFIX.length))
  const meant = misspeltName(variable.slice(PREFIX.length), names)
  return meant === undefined ? undefined : PREFIX + meant
}
