import { relative, resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import type { Language } from '../../plugin/index.ts'
import { formatSize } from '../../terminal/index.ts'
import { BaseCommand, type Outcome } from '../base-command.ts'

interface BuildResult {
  readonly name: string
  readonly language: Language
  /** As it was named, or relative to the working directory. */
  readonly output: string
  readonly sha256: string
  readonly size_bytes: number
}

export default class PluginBuild extends BaseCommand<BuildResult> {
  static override summary = 'Build a WebAssembly plugin.'
  static override description =
    'Runs the toolchain of its language, puts its plugin.toml and config.schema.json into the module, and writes it only ' +
    'where `compile` would take it and a gateway would run it.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> plugins/maintenance --output plugins/maintenance.wasm',
  ]
  static override args = {
    dir: Args.string({ default: '.', description: 'The folder that has its plugin.toml.' }),
  }
  static override flags = {
    output: Flags.string({
      char: 'o',
      summary: 'Where to write the module; unless given, NAME.wasm in its folder.',
      helpValue: 'FILE',
    }),
  }

  protected async execute(): Promise<Outcome<BuildResult>> {
    const { args, flags } = await this.parse(PluginBuild)
    const { buildPlugin, modulePathOf, readPluginProject } = await import('../../plugin/index.ts')
    const { cwd, env, signal } = this.host
    const project = await readPluginProject(resolve(cwd, args.dir))
    const output = flags.output === undefined ? modulePathOf(project) : resolve(cwd, flags.output)
    const built = await buildPlugin(project, output, { env, signal, nodePath: process.execPath })
    const result = {
      name: project.name,
      language: built.language,
      output: flags.output ?? relative(cwd, output),
      sha256: built.sha256,
      size_bytes: built.sizeBytes,
    }
    return {
      result,
      text: ({ bold }) =>
        [
          `${bold('plugin')}  ${result.name}`,
          `${bold('module')}  ${result.output} (${formatSize(result.size_bytes)})`,
          `${bold('sha256')}  ${result.sha256}`,
        ].join('\n'),
    }
  }
}
