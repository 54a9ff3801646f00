import { resolve } from 'node:path'

import { Args } from '@oclif/core'

import { ExitCode, type PluginInspection } from '../../domain/index.ts'
import { renderPlugin } from '../../terminal/index.ts'
import { BaseCommand, type Outcome } from '../base-command.ts'

export default class PluginInspect extends BaseCommand<PluginInspection> {
  static override summary = 'Show what a WebAssembly plugin takes and gives, and whether it would run.'
  static override description =
    'Nothing of the plugin runs. It leaves with 3 where `compile` would not take it or a gateway would not run it, and ' +
    'says why.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> plugins/maintenance.wasm',
    '<%= config.bin %> <%= command.id %> plugins/maintenance.wasm --json | jq .result.capabilities',
  ]
  static override args = {
    module: Args.string({ required: true, description: 'The .wasm file.' }),
  }

  protected async execute(): Promise<Outcome<PluginInspection>> {
    const { args } = await this.parse(PluginInspect)
    const { inspectPlugin, readModule } = await import('../../plugin/index.ts')
    const inspection = inspectPlugin(args.module, await readModule(resolve(this.host.cwd, args.module)))
    return {
      result: inspection,
      exit: inspection.loads ? ExitCode.ok : ExitCode.findings,
      text: (style) => renderPlugin(inspection, style),
    }
  }
}
