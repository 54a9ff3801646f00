import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import SwaggerParser from '@apidevtools/swagger-parser'

import { compileProject } from '../src/compiler/index.ts'
import { loadProject } from '../src/config/index.ts'
import { median } from './measure.ts'

// One process that compiles again and again, as `dev` does: a description of 100 operations, each with parameters, a
// body, an answer and a schema, which refers to up to four others.

const operations = 100
const warmUps = 60
const rounds = Number(process.argv[2] ?? 60)
const folder = mkdtempSync(join(tmpdir(), 'bench-generated-'))

try {
  await mkdir(join(folder, 'specs'))
  const spec = join(folder, 'specs/api.json')
  const manifest = join(folder, 'barbacane.yaml')
  writeFileSync(spec, JSON.stringify(generate(), null, 2))
  writeFileSync(manifest, 'version: 1\nspecs: ./specs/\n')
  const options = {
    allowPlaintext: false,
    buildTimestamp: '2026-01-01T00:00:00Z',
    provenance: { commit: null, source: null, dirty: false },
    compiler: { name: 'barbacane', version: 'bench' },
  }
  const contenders = {
    'barbacane compile': async () => {
      const { manifest: made } = await compileProject(await loadProject(manifest), options)
      if (made.routes_count !== operations) throw new Error(`${made.routes_count} routes`)
    },
    'swagger-parser validate': async () => void (await new SwaggerParser().validate(spec)),
  }
  const samples = Object.entries(contenders).map(([name, run]) => ({
    name,
    run,
    ms: [] as number[],
    cpuMs: [] as number[],
  }))
  for (let round = -warmUps; round < rounds; round++) {
    for (const { run, ms, cpuMs } of samples) {
      const [started, usage] = [performance.now(), process.cpuUsage()]
      await run()
      if (round < 0) continue
      ms.push(performance.now() - started)
      const { user, system } = process.cpuUsage(usage)
      cpuMs.push((user + system) / 1000)
    }
  }
  console.log(`${operations} generated operations, warm, ${rounds} rounds in turn\n`)
  console.log('| | median ms | fastest ms | median cpu ms |\n|---|---|---|---|')
  for (const { name, ms, cpuMs } of samples) {
    const figures = [median(ms), Math.min(...ms), median(cpuMs)].map((figure) => figure.toFixed(1))
    console.log(`| ${[name, ...figures].join(' | ')} |`)
  }
} finally {
  rmSync(folder, { recursive: true })
}

function generate(): object {
  const numbers = Array.from({ length: operations }, (_, number) => number)
  const item = (number: number) => ({
    type: 'object',
    required: ['id', 'name'],
    properties: {
      id: { type: 'string', format: 'uuid' },
      name: { type: 'string', minLength: 1, maxLength: 80, pattern: '^[a-z-]+$' },
      price: { type: 'number', minimum: 0 },
      state: { type: 'string', enum: ['new', 'open', 'done'] },
      tags: { type: 'array', maxItems: 20, items: { type: 'string', maxLength: 20 } },
      ...(number % 5 === 0 ? {} : { part: { $ref: `#/components/schemas/Item${number - 1}` } }),
    },
  })
  const operation = (number: number) => ({
    operationId: `replaceItem${number}`,
    parameters: [
      { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
      { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } },
    ],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: { $ref: `#/components/schemas/Item${number}` } } },
    },
    responses: {
      200: {
        description: 'The item as it is now.',
        content: { 'application/json': { schema: { $ref: `#/components/schemas/Item${number}` } } },
      },
    },
    'x-barbacane-dispatch': { name: 'mock', config: { body: '{}' } },
  })
  return {
    openapi: '3.1.0',
    info: { title: 'Generated', version: '1' },
    paths: Object.fromEntries(numbers.map((number) => [`/items${number}/{id}`, { put: operation(number) }])),
    components: { schemas: Object.fromEntries(numbers.map((number) => [`Item${number}`, item(number)])) },
  }
}
