import { relative, resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import {
  applyInit,
  ciSystems,
  commitProject,
  deployTargets,
  ignoresPackages,
  isKitWanted,
  isPinned,
  isProject,
  leaveOwnPackageJson,
  nextSteps,
  planInit,
  readKit,
  readTemplate,
  refuseInnerFolder,
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
  /** Null where the project was there already. */
  readonly template: TemplateName | null
  readonly written: readonly string[]
  readonly replaced: readonly string[]
  readonly unchanged: readonly string[]
  /** The first commit with `--git`. */
  readonly commit: string | null
  readonly next: readonly string[]
}

export default class Init extends BaseCommand<InitResult> {
  static override summary = 'Write a new project, or what goes around one.'
  static override description =
    'The project lints, compiles and serves as it is. With --ci, --hooks or --deploy it comes with what checks, ships ' +
    'and runs it; in a project that is there already only that is written. Files that are there already are never ' +
    'replaced without --force.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> my-gateway --git',
    '<%= config.bin %> <%= command.id %> --template bookshop bookshop',
    '<%= config.bin %> <%= command.id %> --ci github --hooks',
    '<%= config.bin %> <%= command.id %> --deploy kubernetes --deploy systemd',
  ]
  static override args = {
    dir: Args.string({ default: '.', description: 'Folder of the project; made when it is not there.' }),
  }
  static override flags = {
    template: Flags.option({
      options: [...templateNames, 'none'] as const,
      summary:
        'What to begin with: one operation (`minimal`), four (`basic`, unless given), an API of realistic size with a ' +
        'service behind it (`bookshop`), or no project.',
    })(),
    ci: Flags.option({
      options: ciSystems,
      summary: 'Write the pipeline from a pull request to production.',
    })(),
    hooks: Flags.boolean({ summary: 'Write the hooks of pre-commit that check every commit.' }),
    deploy: Flags.option({
      options: deployTargets,
      multiple: true,
      summary: 'Write what runs the gateway there.',
    })(),
    git: Flags.boolean({ summary: 'Make the folder a git repository and commit the project.' }),
    force: Flags.boolean({ summary: 'Replace files of other content.' }),
  }

  protected async execute(): Promise<Outcome<InitResult>> {
    const { args, flags } = await this.parse(Init)
    const root = resolve(this.host.cwd, args.dir)
    const kit = { ci: flags.ci, hooks: flags.hooks, deploy: flags.deploy ?? [] }
    const isThere = isKitWanted(kit) && (await isProject(root))
    const chosen = flags.template ?? (isThere ? 'none' : 'basic')
    const template = chosen === 'none' ? undefined : chosen
    const wanted = new Map([
      ...(template === undefined ? [] : await readTemplate(this.config.root, template)),
      ...(await readKit(this.config.root, kit, this.config.version)),
    ])
    const survey = await surveyFolder(root, wanted)
    const files = leaveOwnPackageJson(wanted, survey)
    const plan = planInit({ root, template: files, survey, force: flags.force })
    if (flags.git) await refuseRepository(root)
    else if (isPinned(kit)) await refuseInnerFolder(root)
    await applyInit(plan)
    const commit = flags.git ? await commitProject(root, [...files.keys()]) : null
    const pathsOf = (action: string) =>
      plan.files.filter((file) => file.action === action).map(({ path }) => path)
    const next = nextSteps({
      template,
      kit,
      folder: relative(this.host.cwd, root),
      toPin: files.size < wanted.size ? this.config.version : undefined,
      ignoresPackages: await ignoresPackages(root),
    })
    return {
      result: {
        root,
        template: template ?? null,
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
          ...(next.length === 0 ? [] : ['', 'Next:', ...next.map((step) => `  ${bold(step)}`)]),
        ].join('\n'),
    }
  }
}
