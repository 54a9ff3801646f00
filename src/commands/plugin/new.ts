import { relative, resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import type { Language } from '../../plugin/index.ts'
import { counted } from '../../terminal/index.ts'
import { BaseCommand, type Outcome } from '../base-command.ts'

interface NewPluginResult {
  /** Absolute path of the plugin's folder. */
  readonly root: string
  readonly name: string
  readonly language: Language
  readonly written: readonly string[]
  readonly next: readonly string[]
}

export default class PluginNew extends BaseCommand<NewPluginResult> {
  static override summary = 'Write a new WebAssembly plugin.'
  static override description =
    'A middleware that answers 503 while it is told to, with the schema of its configuration and fixtures: something that ' +
    'builds and passes as it is. Files that are there already are never replaced without --force.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> maintenance --lang assemblyscript',
    '<%= config.bin %> <%= command.id %> maintenance --lang rust --dir plugins/maintenance',
  ]
  static override args = {
    name: Args.string({ required: true, description: 'Its name, as descriptions will use it.' }),
  }
  static override flags = {
    lang: Flags.option({
      options: ['assemblyscript', 'rust', 'c'] as const satisfies readonly Language[],
      default: 'assemblyscript' as const,
      summary: 'The language that it is written in.',
    })(),
    dir: Flags.string({
      summary: 'Where to write it; unless given, a folder of its name.',
      helpValue: 'DIR',
    }),
    force: Flags.boolean({ summary: 'Replace files of other content.' }),
  }

  protected async execute(): Promise<Outcome<NewPluginResult>> {
    const { args, flags } = await this.parse(PluginNew)
    const { checkPluginName, planPlugin } = await import('../../plugin/index.ts')
    const { applyInit, planInit, surveyFolder } = await import('../../project/index.ts')
    const name = checkPluginName(args.name)
    const root = resolve(this.host.cwd, flags.dir ?? name)
    const { lang: language, force } = flags
    const { root: packageRoot, version } = this.config
    const template = await planPlugin(packageRoot, { name, language, version })
    const plan = planInit({ root, template, survey: await surveyFolder(root, template), force })
    await applyInit(plan)
    const folder = relative(this.host.cwd, root)
    const next = [
      ...(folder === '' ? [] : [`cd ${folder}`]),
      ...(language === 'assemblyscript' ? ['npm install'] : []),
      'barbacane plugin build',
      'barbacane plugin test',
    ]
    const written = plan.files.map(({ path }) => path)
    return {
      result: { root, name, language, written, next },
      text: ({ bold }) =>
        [
          ...plan.files.map(({ path, action }) => `${action.padEnd(7)}  ${path}`),
          `${counted(written.length, 'file')} written to ${root}.`,
          '',
          'Next:',
          ...next.map((step) => `  ${bold(step)}`),
        ].join('\n'),
    }
  }
}
