import type { Project, RuleSetting } from './load-project.ts'

/** What a project says that lint has to know. */
export interface LintSettings {
  /** Absolute path; references do not leave this folder. */
  readonly root: string
  /** The names of the project's plugins; undefined without a project. */
  readonly plugins: ReadonlySet<string> | undefined
  /** Overlays in the order in which they are applied. */
  readonly overlays: readonly string[]
  /** `lint.rules`. */
  readonly ruleSettings: readonly RuleSetting[]
}

export function lintSettingsOf({ root, plugins, overlays, ruleSettings }: Project): LintSettings {
  return { root, plugins: new Set(plugins.keys()), overlays, ruleSettings }
}
