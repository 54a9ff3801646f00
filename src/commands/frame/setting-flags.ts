import { Flags } from '@oclif/core'
import type { BooleanFlag, OptionFlag } from '@oclif/core/interfaces'

import { settingNames, settingTable, type SettingName, type SwitchName } from '../../runtime/index.ts'

type SettingFlags = {
  [Name in SettingName]: Name extends SwitchName ? BooleanFlag<boolean> : OptionFlag<string | undefined>
}

/**
 * The settings of a gateway as flags. None has a default of the command line's: what is not given may stand in the
 * environment or in the settings file.
 */
export function settingFlags(): SettingFlags {
  const flags = settingNames.map((name) => {
    const { kind, value, options, preset, summary } = settingTable[name]
    const text = preset ? `${summary} [default: ${preset}]` : summary
    if (kind === 'switch') return [name, Flags.boolean({ summary: text })]
    const choice = options === undefined ? {} : { options: [...options] }
    return [name, Flags.string({ summary: text, ...(value && { helpValue: value }), ...choice })]
  })
  return Object.fromEntries(flags) as SettingFlags
}
