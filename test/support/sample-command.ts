// A program for test/e2e/base-command.test.ts: one command of the frame whose first argument says what becomes of it.
import { join } from 'node:path'

import { Args } from '@oclif/core'

import { BaseCommand, type Outcome } from '../../src/commands/base-command.ts'
import { ExitCode } from '../../src/domain/index.ts'

interface SampleResult {
  readonly seen: string
}

const MANY_LINES = 100_000

class Sample extends BaseCommand<SampleResult> {
  static override id = 'sample'
  static override args = { course: Args.string({ required: true }) }

  protected async execute(): Promise<Outcome<SampleResult>> {
    const { args } = await this.parse(Sample)
    this.note('a note')
    switch (args.course) {
      case 'bug':
        throw new TypeError('nobody thought of this')
      case 'findings':
        return { result: { seen: 'some' }, exit: ExitCode.findings, text: ({ red }) => red('some') }
      case 'warning': {
        this.warn('from the library')
        const at = { file: 'a.yaml', line: 1, col: 2 }
        const finding = { rule: 'r', severity: 'warning', message: 'from the result', hint: 'h', at } as const
        return { result: { seen: 'all' }, text: () => 'all', warnings: [finding] }
      }
      case 'wait':
        return this.waitForSignal()
      case 'stubborn':
        process.stdout.write('ready\n')
        return new Promise(() => setInterval(() => {}, 1000))
      default:
        return { result: { seen: 'much' }, text: () => 'much\n'.repeat(MANY_LINES) }
    }
  }

  private async waitForSignal(): Promise<never> {
    const { signal } = this.host
    process.stdout.write('ready\n')
    return new Promise((_, reject) => {
      const alive = setInterval(() => {}, 1000)
      signal.addEventListener('abort', () => {
        clearInterval(alive)
        reject(signal.reason as Error)
      })
    })
  }
}

await Sample.run(process.argv.slice(2), { root: join(import.meta.dirname, '../..'), ignoreManifest: true })
