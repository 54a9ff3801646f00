import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { alternate, measure, median, type Sample } from './measure.ts'

// `bundle` beside Redocly's on one description of thousands of files: a path item, a parameter and a schema a resource.

const rounds = Number(process.argv[2] ?? 5)
const barbacane = join(import.meta.dirname, '../bin/run.js')
const redocly = join(import.meta.dirname, 'node_modules/@redocly/cli/bin/cli.js')
const folder = mkdtempSync(join(tmpdir(), 'bench-bundle-'))

try {
  console.log(`${rounds} rounds in turn, medians of whole processes\n`)
  console.log('| files | barbacane ms / MB | redocly ms / MB | redocly ÷ barbacane |')
  console.log('|---|---|---|---|')
  for (const resources of [10, 300, 1000]) compare(resources)
} finally {
  rmSync(folder, { recursive: true })
}

function compare(resources: number): void {
  const project = join(folder, String(resources))
  const files = writeDescription(project, resources)
  const samples = alternate(rounds, {
    barbacane: () => measure([barbacane, 'bundle', 'api.yaml', '-o', 'own.yaml'], project),
    redocly: () => measure([redocly, 'bundle', 'api.yaml', '-o', 'other.yaml'], project, [0, 1]),
  })
  const ratio = (wallMs(samples.redocly) / wallMs(samples.barbacane)).toFixed(1)
  console.log(`| ${[files, cell(samples.barbacane), cell(samples.redocly), ratio].join(' | ')} |`)
}

function writeDescription(project: string, resources: number): number {
  const write = (path: string, text: string) => writeFileSync(join(project, path), text)
  for (const name of ['paths', 'parameters', 'schemas']) mkdirSync(join(project, name), { recursive: true })
  const paths: string[] = []
  for (let index = 0; index < resources; index += 1) {
    const next = (index + 1) % resources
    paths.push(`  /r${index}/{id}: { $ref: 'paths/r${index}.yaml' }\n`)
    write(
      `paths/r${index}.yaml`,
      `put:
  operationId: put${index}
  parameters: [{ $ref: '../parameters/id${index}.json' }]
  requestBody: { content: { application/json: { schema: { $ref: '../schemas/r${index}.yaml' } } } }
  responses: { '204': { description: Done } }
`,
    )
    const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer', maximum: index } }
    write(`parameters/id${index}.json`, JSON.stringify(id))
    write(`schemas/r${index}.yaml`, `type: object\nproperties: { next: { $ref: './r${next}.yaml' } }\n`)
  }
  write('api.yaml', `openapi: 3.1.0\ninfo: { title: Many, version: '1' }\npaths:\n${paths.join('')}`)
  return 3 * resources + 1
}

function wallMs(samples: readonly Sample[]): number {
  return median(samples.map((sample) => sample.wallMs))
}

function cell(samples: readonly Sample[]): string {
  return `${wallMs(samples).toFixed(0)} / ${median(samples.map(({ peakMb }) => peakMb)).toFixed(0)}`
}
