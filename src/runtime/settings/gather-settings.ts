import { runtimeProblems as problems } from '../problems.ts'
import { settingOfVariable, variableOf } from './environment.ts'
import type { FileSettings } from './settings-file.ts'
import {
  serveDefaults,
  settingNames,
  settingTable,
  type ServeFlags,
  type SettingName,
} from './serve-settings.ts'

/** What is given of the settings on the command line; a switch that is false is not given. */
export type GivenSettings = { readonly [Name in SettingName]?: string | boolean | undefined }

export interface SettingSources {
  readonly given: GivenSettings
  readonly env: Readonly<Record<string, string | undefined>>
  readonly file: FileSettings | undefined
}

export interface GatheredSettings {
  readonly flags: ServeFlags
  /** Where a setting was made, as messages name it: `--listen`, `BARBACANE_LISTEN`, `gateway.yaml:3:9: listen`. */
  readonly nameOf: (name: SettingName) => string
}

/**
 * Brings together what is set: a flag before a variable, a variable before the file, the file before what is preset.
 *
 * @throws {ProblemError} BCN_SERVE_OPTION for a variable that is a slip of another, for a switch that is neither true nor
 * false, and where no artifact is named.
 */
export function gatherSettings({ given, env, file }: SettingSources): GatheredSettings {
  refuseSlips(env)
  const values = new Map<SettingName, string | boolean>()
  const names = new Map<SettingName, string>()
  const set = (name: SettingName, value: string | boolean, origin: string): void => {
    values.set(name, value)
    names.set(name, origin)
  }
  for (const [name, { value, origin }] of file ?? []) set(name, value, origin)
  for (const name of settingNames) {
    const text = env[variableOf(name)]
    if (text === undefined || text === '') continue
    const value = settingTable[name].kind === 'switch' ? readSwitch(text, variableOf(name)) : text
    set(name, value, variableOf(name))
  }
  for (const name of settingNames) {
    const value = given[name]
    if (value !== undefined && value !== false) set(name, value, `--${name}`)
  }
  if (!values.has('artifact')) {
    throw problems.BCN_SERVE_OPTION({ option: '--artifact', reason: 'it is missing' })
  }
  return {
    flags: { ...serveDefaults, ...Object.fromEntries(values) } as ServeFlags,
    nameOf: (name) => names.get(name) ?? `--${name}`,
  }
}

/** What stands in the environment for others is not ours to judge; what nobody can have meant otherwise is. */
function refuseSlips(env: SettingSources['env']): void {
  for (const variable of Object.keys(env)) {
    const meant = settingOfVariable(variable)
    if (meant === undefined) continue
    const reason = `there is no such setting; did you mean ${meant}`
    throw problems.BCN_SERVE_OPTION({ option: variable, reason })
  }
}

function readSwitch(text: string, option: string): boolean {
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  const reason = `${JSON.stringify(text)} is none of true, false, 1, 0`
  throw problems.BCN_SERVE_OPTION({ option, reason })
}
