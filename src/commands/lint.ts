import { resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import { ExitCode, isAtLeast, severities, type Finding, type Severity } from '../domain/index.ts'
import { countBySeverity, createStyle, findingFormats, type FindingFormat } from '../terminal/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { findLintTarget } from './frame/lint-target.ts'
import { renderReport, type LintReport } from './frame/lint-report.ts'

interface LintResult {
  /** Every file that was looked at, relative to the project. */
  readonly files: readonly string[]
  readonly findings: readonly Finding[]
  readonly counts: Readonly<Record<Severity, number>>
}

export default class Lint extends BaseCommand<LintResult> {
  static override summary = 'Check descriptions.'
  static override description =
    'Checks the descriptions of the project (or the files named) for everything that would keep the gateway from ' +
    'serving them as they are meant: syntax, references, the structure of OpenAPI, the extensions of the gateway.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> specs/shop.yaml --fail-on warning',
    '<%= config.bin %> <%= command.id %> --format sarif --output lint.sarif',
  ]
  static override strict = false
  static override args = {
    files: Args.string({
      description: 'Descriptions, or a barbacane.yaml; without any, those of the project.',
    }),
  }
  static override flags = {
    format: Flags.option({
      options: findingFormats,
      summary: 'How to report; `text`, or `github` where GITHUB_ACTIONS is set.',
    })(),
    'fail-on': Flags.option({
      options: [...severities, 'none'] as const,
      default: 'error' as const,
      summary: 'The least severity that leaves with exit code 3.',
    })(),
    output: Flags.string({
      char: 'o',
      summary: 'Write the report to a file; the screen shows text.',
      helpValue: 'FILE',
    }),
    'max-findings': Flags.integer({
      min: 0,
      summary:
        'In text, list up to this many findings; where there are more, some of each rule. 100 unless given.',
    }),
    'allow-plaintext': Flags.boolean({ summary: 'Do not report http:// upstreams.' }),
  }

  protected async execute(): Promise<Outcome<LintResult>> {
    const { argv, flags } = await this.parse(Lint)
    const target = await findLintTarget(argv as string[], this.host.cwd)
    const { lintProject, rules } = await import('../compiler/lint/index.ts')
    const allowPlaintext = flags['allow-plaintext']
    const { set, findings } = await lintProject(target.paths, { ...target, allowPlaintext })
    const found = findings.map(({ at }) => at.file)
    const files = [...new Set([...target.paths, ...set.documents.keys(), ...found])].toSorted()
    const maxListed = flags['max-findings']
    const report = {
      root: target.root,
      files,
      findings,
      rules,
      version: this.config.version,
      ...(maxListed === undefined ? {} : { maxListed }),
    }
    if (flags.output !== undefined) await this.writeReport(report, flags.format ?? 'text', flags.output)
    const usual = this.host.env['GITHUB_ACTIONS'] === 'true' ? 'github' : 'text'
    const format = flags.output === undefined ? (flags.format ?? usual) : usual
    const sourceOf = (file: string) => set.documents.get(file)?.text
    const onScreen = process.stdout.isTTY ? { ...report, sourceOf } : report
    return {
      result: { files, findings, counts: countBySeverity(findings) },
      exit: exitCodeOf(findings, { failOn: flags['fail-on'], roots: target.paths }),
      text: (style) => renderReport(onScreen, format, { style, host: this.host }),
    }
  }

  private async writeReport(report: LintReport, format: FindingFormat, path: string): Promise<void> {
    const { writeFileAtomic } = await import('../artifact/index.ts')
    const text = renderReport(report, format, { style: createStyle(false), host: this.host })
    await writeFileAtomic(resolve(this.host.cwd, path), Buffer.from(`${text}\n`), this.host.signal)
  }
}

function exitCodeOf(
  findings: readonly Finding[],
  { failOn, roots }: { readonly failOn: Severity | 'none'; readonly roots: readonly string[] },
): ExitCode {
  // A file that was named and cannot be read was not checked: that is no finding about it.
  if (findings.some(({ rule, at }) => rule === 'unreadable' && roots.includes(at.file))) return ExitCode.usage
  const isGrave = ({ severity }: Finding) => failOn !== 'none' && isAtLeast(severity, failOn)
  return findings.some(isGrave) ? ExitCode.findings : ExitCode.ok
}
