import { relative, resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import {
  applyInit,
  commitProject,
  nextSteps,
  planInit,
  readTemplate,
  refuseRepository,
  surveyFolder,
  templateNames,
  type TemplateName,
} from '../project/index.ts'
import { counted } from '../terminal/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'

interface InitResult {
  /** Absolute path of the project's folder. */
  readonly root: string
  readonly template: TemplateName
  readonly written: readonly string[]
  readonly replaced: readonly string[]
  readonly unchanged: readonly string[]
  /** The first commit with `--git`. */
  readonly commit: string | null
  readonly next: readonly string[]
}

export default class Init extends BaseCommand<InitResult> {
  static override summary = 'Write a new project.'
  static override description =
    'The project lints, compiles and serves as it is. Files that are there already are never replaced without --force.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> my-gateway --git',
    '<%= config.bin %> <%= command.id %> --template bookshop bookshop',
  ]
  static override args = {
    dir: Args.string({ default: '.', description: 'Folder of the project; made when it is not there.' }),
  }
  static override flags = {
    template: Flags.option({
      options: templateNames,
      default: 'basic' as const,
      summary: 'One operation, four, or an API of realistic size with a service behind it.',
    })(),
    git: Flags.boolean({ summary: 'Make the folder a git repository and commit the project.' }),
    force: Flags.boolean({ summary: 'Replace files of other content.' }),
  }

  protected async execute(): Promise<Outcome<InitResult>> {
    const { args, flags } = await this.parse(Init)
    const root = resolve(this.host.cwd, args.dir)
    const template = await readTemplate(this.config.root, flags.template)
    const survey = await surveyFolder(root, template)
    const plan = planInit({ root, template, survey, force: flags.force })
    if (flags.git) await refuseRepository(root)
    await applyInit(plan)
    const commit = flags.git ? await commitProject(root, [...template.keys()]) : null
    const pathsOf = (action: string) =>
      plan.files.filter((file) => file.action === action).map(({ path }) => path)
    const next = nextSteps(flags.template, relative(this.host.cwd, root))
    return {
      result: {
        root,
        template: flags.template,
        written: pathsOf('create'),
        replaced: pathsOf('replace'),
        unchanged: plan.unchanged,
        commit,
        next,
      },
      text: ({ bold }) =>
        [
          ...plan.files.map(({ path, action }) => `${action.padEnd(7)}  ${path}`),
          `${counted(plan.files.length, 'file')} written to ${root}${commit === null ? '' : `, commit ${commit}`}.`,
          '',
          'Next:',
          ...next.map((step) => `  ${bold(step)}`),
        ].join('\n'),
    }
  }
}
