import { join, resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import { ExitCode, type FixtureReport } from '../../domain/index.ts'
import { renderFixtures } from '../../terminal/index.ts'
import { BaseCommand, type Outcome } from '../base-command.ts'

interface TestResult {
  readonly plugin: string
  readonly fixtures: readonly FixtureReport[]
  readonly failed: number
}

export default class PluginTest extends BaseCommand<TestResult> {
  static override summary = 'Try a built WebAssembly plugin with fixtures: requests in, actions out.'
  static override description =
    'Each fixture is a request, what the gateway has for the plugin, and what is to become of it. The plugin runs as in a ' +
    'gateway, confined and with its limits; nothing else is reached. `explain plugin-fixtures` describes the files. Leaves ' +
    'with 3 where one fails.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> plugins/maintenance --update',
  ]
  static override args = {
    dir: Args.string({ default: '.', description: 'The folder that has its plugin.toml.' }),
  }
  static override flags = {
    module: Flags.string({
      summary: 'The module; unless given, NAME.wasm in its folder.',
      helpValue: 'FILE',
    }),
    fixture: Flags.string({
      multiple: true,
      summary: 'Try only this file; unless given, all below tests/ in its folder.',
      helpValue: 'FILE',
    }),
    update: Flags.boolean({
      summary: 'Write what becomes of each request to its file, as what is expected.',
    }),
  }

  protected async execute(): Promise<Outcome<TestResult>> {
    const { args, flags } = await this.parse(PluginTest)
    const { findFixtures, modulePathOf, readModule, readPluginProject, testPlugin } =
      await import('../../plugin/index.ts')
    const { cwd } = this.host
    const project = await readPluginProject(resolve(cwd, args.dir))
    const modulePath = flags.module === undefined ? modulePathOf(project) : resolve(cwd, flags.module)
    const named = flags.fixture?.map((path) => resolve(cwd, path))
    const fixtures = await testPlugin({
      name: project.name,
      modulePath,
      module: await readModule(modulePath),
      fixtures: named ?? (await findFixtures(join(project.root, 'tests'))),
      root: project.root,
      update: flags.update,
    })
    const failed = fixtures.filter(({ outcome }) => outcome === 'failed').length
    return {
      result: { plugin: project.name, fixtures, failed },
      exit: failed === 0 ? ExitCode.ok : ExitCode.findings,
      text: (style) => renderFixtures(fixtures, style),
    }
  }
}
