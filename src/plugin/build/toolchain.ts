import type { Language, PluginProject } from '../plugin-project.ts'

/** What building needs from outside. */
export interface BuildHost {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Ends the toolchain, too. */
  readonly signal: AbortSignal
  /** The Node that runs this program. */
  readonly nodePath: string
}

export interface ToolchainCall {
  readonly program: string
  readonly args: readonly string[]
  /** Finds the module, by what the program printed on stdout. */
  readonly output: (stdout: string) => string | undefined
}

/** How plugins of one language are built. */
export interface Toolchain {
  readonly language: Language
  /** As it is written, behind "the toolchain of". */
  readonly title: string
  /** How to get it. */
  readonly install: string
  /** Output of a program that says that a part of the toolchain is missing. */
  readonly missing: RegExp
  /** What to run in the folder of the plugin; undefined where it is not there. */
  readonly plan: (
    project: PluginProject,
    place: { readonly folder: string; readonly host: BuildHost },
  ) => Promise<ToolchainCall | undefined>
}
