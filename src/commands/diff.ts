import { Args, Flags } from '@oclif/core'

import { changeLevels, compareApis, type ChangeLevel, type Difference } from '../diff/index.ts'
import { ExitCode } from '../domain/index.ts'
import { renderDiff, renderDiffMarkdown } from '../terminal/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { readNamedApi } from './frame/read-api-at-commit.ts'
import { referenceFlags } from './frame/reference-flags.ts'
import { remoteAccess, remoteReferencesOf } from './frame/remote-documents.ts'

interface DiffResult extends Difference {
  /** As they were named. */
  readonly before: string
  readonly after: string
}

export default class Diff extends BaseCommand<DiffResult> {
  static override summary = 'Tell what the difference of two APIs means for clients.'
  static override description =
    'Compares two projects, descriptions or artifacts, or what two commits hold, and says of every difference whether ' +
    'it breaks clients, may break them or is safe, and why. The work tree is not touched.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> git:main .',
    '<%= config.bin %> <%= command.id %> v1.2:specs/shop.yaml specs/shop.yaml --only breaking',
    '<%= config.bin %> <%= command.id %> old.bca new.bca --exit-code --fail-on breaking',
    '<%= config.bin %> <%= command.id %> git:origin/main . --format markdown > comment.md',
  ]
  static override args = {
    before: Args.string({
      required: true,
      description: 'A project, a description, a .bca, git:REF[:PATH] or REF:PATH.',
    }),
    after: Args.string({ required: true, description: 'The same, for what it is compared with.' }),
  }
  static override flags = {
    format: Flags.option({
      options: ['text', 'markdown'] as const,
      default: 'text' as const,
      summary: 'How to report; `markdown` for a comment on a pull request.',
    })(),
    only: Flags.option({ options: changeLevels, summary: 'Report changes of this level only.' })(),
    'exit-code': Flags.boolean({ summary: 'Leave with exit code 3 when there are changes.' }),
    'fail-on': Flags.option({
      options: ['breaking', 'risky', 'any'] as const,
      default: 'any' as const,
      summary: 'The least level that --exit-code counts.',
    })(),
    'allow-plaintext': Flags.boolean({
      default: false,
      summary: 'Accept http:// upstreams where a side is compiled.',
    }),
    ...referenceFlags,
  }

  protected async execute(): Promise<Outcome<DiffResult>> {
    const { args, flags } = await this.parse(Diff)
    const options = {
      cwd: this.host.cwd,
      allowPlaintext: flags['allow-plaintext'],
      remoteAccess: remoteAccess(remoteReferencesOf(flags), this.host),
      version: this.config.version,
    }
    const before = await readNamedApi(args.before, options)
    this.host.signal.throwIfAborted()
    const after = await readNamedApi(args.after, options)
    const withBuild = !before.isDescription && !after.isDescription
    const { readContract } = await import('../compiler/index.ts')
    const contracts = [await readContract(before.artifact), await readContract(after.artifact)] as const
    const found = compareApis(before.artifact, after.artifact, { withBuild, contracts })
    const result = { before: args.before, after: args.after, ...narrowTo(found, flags.only) }
    const fails = flags['exit-code'] && isGrave(found, flags['fail-on'])
    return {
      result,
      exit: fails ? ExitCode.findings : ExitCode.ok,
      text: (style) => (flags.format === 'markdown' ? renderDiffMarkdown(result) : renderDiff(result, style)),
      ci: () => ({ outputs: { ...found.counts }, summary: renderDiffMarkdown(result) }),
    }
  }
}

/** The counts stay those of all changes. */
function narrowTo(found: Difference, level: ChangeLevel | undefined): Difference {
  if (level === undefined) return found
  return { ...found, changes: found.changes.filter((change) => change.level === level) }
}

function isGrave({ counts }: Difference, least: 'breaking' | 'risky' | 'any'): boolean {
  const { breaking, risky, safe } = counts
  return breaking + (least === 'breaking' ? 0 : risky) + (least === 'any' ? safe : 0) > 0
}
