import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { compileProject, createDocumentCache, type CompileOptions } from '../src/compiler/index.ts'
import { loadProject } from '../src/config/index.ts'
import { median } from './measure.ts'

// What `dev` does when a file of many is saved: builds that know what the build before has parsed, in turn with builds
// that know nothing, in one warm process.

const files = 300
const rounds = Number(process.argv[2] ?? 15)
const folder = mkdtempSync(join(tmpdir(), 'bench-rebuild-'))

try {
  mkdirSync(join(folder, 'specs/items'), { recursive: true })
  writeFileSync(join(folder, 'barbacane.yaml'), 'version: 1\nspecs: [specs/api.yaml]\n')
  writeFileSync(join(folder, 'specs/api.yaml'), rootOf(files))
  for (let number = 0; number < files; number++) writeItem(number, 0)
  const cache = createDocumentCache()
  const samples = { cold: [] as number[], known: [] as number[] }
  for (let round = -5; round < rounds; round++) {
    writeItem(round + 5, round + 6)
    for (const [name, more] of [
      ['cold', {}],
      ['known', { cache }],
    ] as const) {
      const started = process.cpuUsage()
      await build(more)
      const { user, system } = process.cpuUsage(started)
      if (round >= 0) samples[name].push((user + system) / 1000)
    }
  }
  const [cold, known] = [median(samples.cold), median(samples.known)]
  console.log(
    `${files} files of YAML, one saved between builds, ${rounds} rounds in turn, medians of CPU time\n`,
  )
  console.log(`everything parsed: ${cold.toFixed(0)} ms\nonly what changed: ${known.toFixed(0)} ms`)
  console.log(`ratio: ${(cold / known).toFixed(1)}`)
} finally {
  rmSync(folder, { recursive: true })
}

async function build(more: Partial<CompileOptions>): Promise<void> {
  const { manifest } = await compileProject(await loadProject(join(folder, 'barbacane.yaml')), {
    allowPlaintext: false,
    buildTimestamp: '2026-01-01T00:00:00Z',
    provenance: { commit: null, source: null, dirty: false },
    compiler: { name: 'barbacane', version: 'bench' },
    ...more,
  })
  if (manifest.routes_count !== files) throw new Error(`${manifest.routes_count} routes`)
}

function rootOf(count: number): string {
  const paths = Array.from(
    { length: count },
    (_, number) => `  /items${number}: { $ref: items/${number}.yaml }\n`,
  )
  return `openapi: 3.1.0\ninfo: { title: Items, version: '1' }\npaths:\n${paths.join('')}`
}

function writeItem(number: number, version: number): void {
  const properties = Array.from(
    { length: 40 },
    (_, index) =>
      `              field${index}:\n                type: string\n                maxLength: ${index + 1 + version}\n                description: What field ${index} of item ${number} holds, in a few words.\n`,
  )
  const head = `post:
  operationId: createItem${number}
  x-barbacane-dispatch: { name: mock }
  requestBody:
    content:
      application/json:
          schema:
            type: object
            properties:
`
  writeFileSync(
    join(folder, `specs/items/${number}.yaml`),
    `${head}${properties.join('')}  responses: { default: { description: Done. } }\n`,
  )
}
