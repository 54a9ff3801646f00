import { Args, Flags } from '@oclif/core'

import { ExitCode } from '../domain/index.ts'
import { counted } from '../terminal/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { findFormatTargets } from './frame/format-target.ts'
import { commandProblems as problems } from './problems.ts'

interface FormatResult {
  /** Every file that was looked at, from the working directory. */
  readonly files: readonly string[]
  /** Those that were changed, or with --check would be. */
  readonly changed: readonly string[]
}

export default class Fmt extends BaseCommand<FormatResult> {
  static override summary = 'Bring gateway extensions and barbacane.yaml into their normal form.'
  static override description =
    'Writes the values of x-barbacane-* as blocks with `name` before `config`, and the keys of barbacane.yaml in ' +
    'their usual order. Comments, quotes and everything else stay as they are; no value changes.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --check',
    '<%= config.bin %> <%= command.id %> specs/shop.yaml',
  ]
  static override strict = false
  static override args = {
    files: Args.string({
      description: 'YAML files; without any, those of the project. Others are left alone.',
    }),
  }
  static override flags = {
    check: Flags.boolean({
      summary: 'Write nothing; list the files that would change and leave with exit code 3.',
    }),
  }

  protected async execute(): Promise<Outcome<FormatResult>> {
    const { argv, flags } = await this.parse(Fmt)
    const targets = await findFormatTargets(argv as string[], this.host.cwd)
    const { formatText } = await import('../compiler/format/index.ts')
    // All are formatted before the first is written.
    const changes = targets.flatMap(({ path, shown, kind, text }) => {
      const formatted = formatText(text, kind)
      if (typeof formatted !== 'string') throw problems.BCN_FMT_REFUSED({ path: shown, ...formatted })
      return formatted === text ? [] : [{ path, shown, formatted }]
    })
    if (!flags.check) await this.write(changes)
    const changed = changes.map(({ shown }) => shown)
    const files = targets.map(({ shown }) => shown)
    const what = flags.check ? 'to be formatted' : 'formatted'
    return {
      result: { files, changed },
      exit: flags.check && changed.length > 0 ? ExitCode.findings : ExitCode.ok,
      text: () => [...changed, `${counted(changed.length, 'file')} of ${files.length} ${what}.`].join('\n'),
    }
  }

  private async write(
    changes: readonly { readonly path: string; readonly formatted: string }[],
  ): Promise<void> {
    const { writeFileAtomic } = await import('../artifact/index.ts')
    for (const { path, formatted } of changes) {
      await writeFileAtomic(path, Buffer.from(formatted), this.host.signal)
    }
  }
}
