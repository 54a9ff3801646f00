import { Command, Flags } from '@oclif/core'

import { ExitCode, isProblemError, type Host, type Problem } from '../domain/index.ts'
import {
  createStyle,
  isColoured,
  renderProblem,
  renderProblemMarkdown,
  renderWarning,
  type Style,
  type Warning,
} from '../terminal/index.ts'
import { reportToCi, type CiReport } from './frame/ci-report.ts'
import { printEnvelope } from './frame/envelope.ts'
import { problemOf } from './frame/problem-of.ts'
import { createProcessHost, type ProcessHost } from './frame/process-host.ts'
import { commandProblems as problems } from './problems.ts'

/** What a command has found or done: the data, and how it reads for a person. */
export interface Outcome<Result extends object> {
  /** The `result` of the `--json` envelope: plain JSON data. */
  readonly result: Result
  /** 0 unless given. */
  readonly exit?: ExitCode
  /** What stands on stdout without `--json`; the empty text prints nothing. */
  readonly text: (style: Style) => string
  /** Printed on stderr and collected in the envelope; findings may be given as they are. */
  readonly warnings?: readonly Warning[]
  /** What a workflow of GitHub Actions gets of it; asked for only there. */
  readonly ci?: () => CiReport
}

/**
 * The frame of every command: parses the global flags, owns the streams, the signals and the exit code. A command
 * only implements `execute`; it prints nothing itself and throws a ProblemError where it cannot go on.
 */
export abstract class BaseCommand<Result extends object> extends Command {
  static override enableJsonFlag = true

  static override baseFlags = {
    'no-color': Flags.boolean({ summary: 'Print no colours.', helpGroup: 'GLOBAL' }),
    'no-input': Flags.boolean({
      summary: 'Never ask a question; fail where an answer is needed.',
      helpGroup: 'GLOBAL',
      env: 'BARBACANE_NO_INPUT',
    }),
    quiet: Flags.boolean({ char: 'q', summary: 'Print no notes and no progress.', helpGroup: 'GLOBAL' }),
  }

  /** What is impure: clock, environment, working directory, the signal of Ctrl-C. */
  protected readonly host: Host
  readonly #processHost: ProcessHost
  readonly #warnings: Warning[] = []
  #exit: number = 0
  #isQuiet = false
  #isInputAllowed = true

  constructor(...parameters: ConstructorParameters<typeof Command>) {
    super(...parameters)
    this.#processHost = createProcessHost(() => {
      if (this.isInteractive) this.note('Stopping. Press Ctrl-C again to stop at once.')
    })
    this.host = this.#processHost
    // Whoever reads our messages may stop reading at any time, as `| head` does on stdout.
    process.stderr.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }

  /** Does the work. @throws {ProblemError} for everything a user can act on. */
  protected abstract execute(): Promise<Outcome<Result>>

  override async run(): Promise<Result> {
    const { flags } = await this.parse()
    this.#isQuiet = flags['quiet'] === true
    this.#isInputAllowed = flags['no-input'] !== true
    const outcome = await this.execute()
    for (const warning of outcome.warnings ?? []) this.addWarning(warning)
    this.#exit = outcome.exit ?? 0
    process.exitCode = this.#exit
    if (!this.jsonEnabled()) this.printResult(outcome.text(this.styleOf(process.stdout)))
    if (outcome.ci !== undefined) await reportToCi(outcome.ci, this.host)
    return outcome.result
  }

  /** A remark for the person at the terminal, on stderr; not with `--quiet`. */
  protected note(text: string): void {
    if (!this.#isQuiet) process.stderr.write(`${text}\n`)
  }

  /** Part of the result of a command that runs on, such as `serve`: one line on stdout; not with `--json`. */
  protected printResult(text: string): void {
    if (text !== '' && !this.jsonEnabled()) process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  }

  /** The style of what is written to a stream. */
  protected styleOf(stream: NodeJS.WriteStream): Style {
    const noColorFlag = this.hasFlag('--no-color')
    return createStyle(isColoured({ noColorFlag, env: this.host.env, isTty: stream.isTTY }))
  }

  /** Whether a question may be asked: somebody sits at the terminal and did not forbid it. */
  protected get isInteractive(): boolean {
    const isTerminal = process.stdin.isTTY && process.stderr.isTTY
    return this.#isInputAllowed && isTerminal && !this.jsonEnabled() && !this.host.env['CI']
  }

  override warn(input: Error | string): Error | string {
    this.addWarning({ message: typeof input === 'string' ? input : input.message })
    return input
  }

  protected override async catch(error: Error & { exitCode?: number; code?: string }): Promise<void> {
    // What --help of a flag throws after it printed.
    if (error.code === 'EEXIT') throw error
    // oclif would remark on stderr that nothing was parsed.
    this.parsed = true
    const problem = this.stopProblem(error) ?? problemOf(error, { command: this.name, flags: this.flagNames })
    this.#exit = problem.exit
    process.exitCode = problem.exit
    await reportToCi(() => ({ outputs: {}, summary: renderProblemMarkdown(this.name, problem) }), this.host)
    if (this.jsonEnabled()) this.logJson(this.toErrorJson(problem))
    else {
      const findingFormat = this.host.env['GITHUB_ACTIONS'] === 'true' ? 'github' : 'text'
      process.stderr.write(`${renderProblem(problem, this.styleOf(process.stderr), findingFormat)}\n`)
    }
    if (this.host.env['BARBACANE_DEBUG'] && (!isProblemError(error) || error.cause !== undefined)) {
      process.stderr.write(`${error.stack}\n${error.cause instanceof Error ? error.cause.stack : ''}\n`)
    }
  }

  protected override async finally(): Promise<void> {
    this.#processHost.dispose()
  }

  protected override logJson(json: unknown): void {
    process.stdout.write(`${json as string}\n`)
  }

  protected override toSuccessJson(result: Result): string {
    return printEnvelope({ ...this.envelopeHead(), result, warnings: this.#warnings })
  }

  protected override toErrorJson(problem: Problem): string {
    return printEnvelope({ ...this.envelopeHead(), problem, warnings: this.#warnings })
  }

  private envelopeHead() {
    return { ok: this.#exit === 0, command: this.name, exit: this.#exit }
  }

  private addWarning(warning: Warning): void {
    this.#warnings.push(warning)
    if (this.jsonEnabled()) return
    process.stderr.write(`${renderWarning(warning, this.styleOf(process.stderr))}\n`)
  }

  /** The problem of work that gave up because a signal asked it to. */
  private stopProblem(error: Error): Problem | undefined {
    const code = this.#processHost.stoppedBy()
    if (code === undefined || error.name !== 'AbortError') return undefined
    const stopped = code === ExitCode.interrupted ? problems.BCN_CLI_INTERRUPTED : problems.BCN_CLI_TERMINATED
    return stopped({ command: this.name }).problem
  }

  private get name(): string {
    return (this.id ?? '').replaceAll(':', ' ')
  }

  private get flagNames(): readonly string[] {
    return [...Object.keys(this.ctor.flags ?? {}), ...Object.keys(BaseCommand.baseFlags), 'json', 'help']
  }

  private hasFlag(flag: string): boolean {
    const end = this.argv.indexOf('--')
    return (end === -1 ? this.argv : this.argv.slice(0, end)).includes(flag)
  }
}
