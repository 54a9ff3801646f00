import { relative, resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import type { FixedFinding } from '../compiler/lint/index.ts'
import {
  compareFindings,
  ExitCode,
  isAtLeast,
  severities,
  type Finding,
  type Severity,
} from '../domain/index.ts'
import {
  counted,
  countBySeverity,
  createStyle,
  findingFormats,
  oneLine,
  type FindingFormat,
  type Warning,
} from '../terminal/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { compareWithFile, staleWarnings, writeBaseline, type KnownFindings } from './frame/baseline-file.ts'
import { fixFiles } from './frame/fix-files.ts'
import { lintFiles, type Linted } from './frame/lint-files.ts'
import { lintStaged } from './frame/lint-staged.ts'
import { lintStdin } from './frame/lint-stdin.ts'
import { renderReport, type LintReport } from './frame/lint-report.ts'
import { referenceFlags } from './frame/reference-flags.ts'
import { remoteAccess, remoteReferencesOf } from './frame/remote-documents.ts'
import { commandProblems as problems } from './problems.ts'

interface LintResult {
  /** Every file that was looked at, relative to the project. */
  readonly files: readonly string[]
  readonly findings: readonly Finding[]
  readonly counts: Readonly<Record<Severity, number>>
  readonly baseline?: KnownFindings
  /** With --fix: what was corrected. */
  readonly fixed?: readonly FixedFinding[]
}

interface Where {
  readonly staged: boolean
  readonly fix: boolean
  readonly ruleset?: string | undefined
  readonly 'stdin-filename'?: string | undefined
  readonly 'allow-plaintext': boolean
  readonly 'allow-remote-refs': boolean
  readonly 'insecure-ref-host'?: readonly string[] | undefined
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
    '<%= config.bin %> <%= command.id %> --staged',
    '<%= config.bin %> <%= command.id %> - --stdin-filename specs/shop.yaml < draft.yaml',
    '<%= config.bin %> <%= command.id %> --baseline lint-baseline.json',
  ]
  static override strict = false
  static override args = {
    files: Args.string({
      description: 'Descriptions, or a barbacane.yaml, or - for stdin; without any, those of the project.',
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
    staged: Flags.boolean({
      summary: 'Check what is staged for the next commit; files that are named narrow it down.',
    }),
    'stdin-filename': Flags.string({
      summary: 'The file that the document on stdin (`-`) stands for.',
      helpValue: 'FILE',
    }),
    fix: Flags.boolean({
      summary: 'Correct misspelt keys where only one can be meant, and report the rest.',
      exclusive: ['staged', 'stdin-filename', 'baseline', 'write-baseline'],
    }),
    ruleset: Flags.string({
      summary: 'Run the Spectral that the project has installed with this ruleset, too. A ruleset is code.',
      helpValue: 'FILE',
      exclusive: ['staged', 'stdin-filename'],
    }),
    baseline: Flags.string({
      summary: 'Report only what this file of known findings does not have.',
      helpValue: 'FILE',
      exclusive: ['write-baseline'],
    }),
    'write-baseline': Flags.string({
      summary: 'Write all findings to a file for --baseline, and leave with 0.',
      helpValue: 'FILE',
    }),
    'allow-plaintext': Flags.boolean({ summary: 'Do not report http:// upstreams.' }),
    ...referenceFlags,
  }

  protected async execute(): Promise<Outcome<LintResult>> {
    const { argv, flags } = await this.parse(Lint)
    const { linted: own, fixed } = await this.lintAndFix(argv as string[], flags)
    const linted = await this.withSpectral(own, flags.ruleset)
    const writeTo = flags['write-baseline']
    if (writeTo !== undefined) return this.keepBaseline(linted, writeTo)
    const { findings, known, warnings } = await this.withoutKnown(linted, flags.baseline)
    const { rules } = await import('../compiler/lint/index.ts')
    const { root, files, roots, sourceOf } = linted
    const maxListed = flags['max-findings']
    const report = { root, files, findings, rules, version: this.config.version, maxListed }
    if (flags.output !== undefined) await this.writeReport(report, flags.format ?? 'text', flags.output)
    const usual = this.host.env['GITHUB_ACTIONS'] === 'true' ? 'github' : 'text'
    const format = flags.output === undefined ? (flags.format ?? usual) : usual
    const isSilent = flags.staged && roots.length === 0 && format === usual
    const onScreen = process.stdout.isTTY ? { ...report, sourceOf } : report
    const counts = countBySeverity(findings)
    return {
      result: {
        files,
        findings,
        counts,
        ...(known && { baseline: known }),
        ...(fixed && { fixed }),
      },
      exit: exitCodeOf(findings, { failOn: flags['fail-on'], roots }),
      text: (style) => (isSilent ? '' : renderReport(onScreen, format, { style, host: this.host })),
      warnings,
      ci: () => ({
        outputs: { findings: findings.length, errors: counts.error, warnings: counts.warning },
        summary: renderReport(report, 'markdown', { style: createStyle(false), host: this.host }),
      }),
    }
  }

  /** Lints; with --fix corrects what has a certain correction, and lints again what that has made of it. */
  private async lintAndFix(files: readonly string[], flags: Where) {
    const linted = await this.lintWhatIsNamed(files, flags)
    if (!flags.fix) return { linted }
    const fixed = await fixFiles(linted, this.host)
    for (const { rule, file, line, col, from, to } of fixed) {
      const shown = relative(this.host.cwd, resolve(linted.root, file))
      this.note(`fixed ${oneLine(`${shown}:${line}:${col} ${from} → ${to}`)} (${rule})`)
    }
    return { linted: fixed.length === 0 ? linted : await this.lintWhatIsNamed(files, flags), fixed }
  }

  private async withSpectral(linted: Linted, ruleset: string | undefined): Promise<Linted> {
    if (ruleset === undefined) return linted
    const { runSpectral } = await import('./frame/run-spectral.ts')
    const found = await runSpectral(linted, ruleset, this.host)
    const findings = [...linted.findings, ...found].toSorted(compareFindings)
    return {
      ...linted,
      findings,
      files: [...new Set([...linted.files, ...found.map(({ at }) => at.file)])].toSorted(),
    }
  }

  private async lintWhatIsNamed(files: readonly string[], flags: Where): Promise<Linted> {
    const options = {
      cwd: this.host.cwd,
      allowPlaintext: flags['allow-plaintext'],
      remoteAccess: remoteAccess(remoteReferencesOf(flags), this.host),
    }
    const name = flags['stdin-filename']
    const isStdin = files.includes('-')
    const fault =
      isStdin && (files.length > 1 || flags.staged || flags.fix || flags.ruleset)
        ? 'With `-` one document is read from stdin, and nothing else can be asked for'
        : !isStdin && name !== undefined
          ? '--stdin-filename names what is read from stdin, which `-` asks for'
          : undefined
    if (fault !== undefined) throw problems.BCN_CLI_USAGE({ fault, command: 'lint', suggestion: undefined })
    if (flags.staged) return lintStaged(files, options)
    return isStdin ? lintStdin(process.stdin, name ?? 'stdin', options) : lintFiles(files, options)
  }

  private async withoutKnown(
    { findings, isWhole }: Linted,
    path: string | undefined,
  ): Promise<{ findings: readonly Finding[]; known?: KnownFindings; warnings: readonly Warning[] }> {
    if (path === undefined) return { findings, warnings: [] }
    const { added, knownCount, stale } = await compareWithFile(findings, path, this.host)
    if (knownCount > 0) this.note(`${counted(knownCount, 'finding')} of the baseline ${path} left out.`)
    const known = { known: knownCount, stale: isWhole ? stale : [] }
    return { findings: added, known, warnings: staleWarnings(known.stale, path) }
  }

  private async keepBaseline({ files, findings }: Linted, path: string): Promise<Outcome<LintResult>> {
    const written = await writeBaseline(findings, path, this.host)
    const counts = countBySeverity(findings)
    return {
      result: { files, findings, counts, baseline: { known: written, stale: [] } },
      text: () => `Wrote ${counted(written, 'finding')} to ${path}.`,
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
