import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { alternate, measure, table } from './measure.ts'

// One changed description, staged: what whoever commits waits for, beside a linter that reads the same file.
const rounds = Number(process.argv[2] ?? 15)
const barbacane = join(import.meta.dirname, '../bin/run.js')
const redocly = join(import.meta.dirname, 'corpora/node_modules/@redocly/cli/bin/cli.js')

for (const template of ['basic', 'bookshop']) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-hook-'))
  const changed = template === 'basic' ? 'specs/api.yaml' : 'specs/paths/books.yaml'
  const root = template === 'basic' ? changed : 'specs/bookshop.yaml'
  try {
    run(process.execPath, [barbacane, 'init', '--template', template, '--git'], folder)
    appendFileSync(join(folder, changed), '# changed\n')
    run('git', ['add', '.'], folder)
    const hook = [barbacane, 'lint', '--staged', '--allow-plaintext', changed]
    const samples = alternate(rounds, {
      'barbacane lint --staged': () => measure(hook, folder),
      'barbacane lint': () => measure([barbacane, 'lint', '--allow-plaintext'], folder),
      'redocly lint': () => measure([redocly, 'lint', root], folder, [0, 1]),
    })
    console.log(`\n### ${template}, ${rounds} rounds in turn, medians\n\n${table(samples, 'redocly lint')}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function run(program: string, args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} left with ${status}\n${stderr}`)
}
