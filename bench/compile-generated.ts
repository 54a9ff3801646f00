import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import SwaggerParser from '@apidevtools/swagger-parser'

import { expectRepeatedBuilds } from '../src/commands/frame/repeated-builds.ts'
import { compileProject, createDocumentCache, type DocumentCache } from '../src/compiler/index.ts'
import { loadProject } from '../src/config/index.ts'
import { median } from './measure.ts'

// One process that compiles again and again, as `dev` does: a description of 100 operations, each with parameters, a
// body, an answer and a schema, which refers to up to four others. It is compiled as it was before, with every path,
// operation and schema under another name, and in eleven files of which one was saved since. What a process has learnt
// of texts that it met before helps in the first and the last only.

expectRepeatedBuilds()

const operations = 100
const files = 10
const warmUps = 60
const rounds = Number(process.argv[2] ?? 60)
const folder = mkdtempSync(join(tmpdir(), 'bench-generated-'))

interface Contender {
  readonly name: string
  /** Is not measured. */
  readonly prepare?: (round: number) => void
  readonly run: () => Promise<void>
}

try {
  const same = project('same')
  const renamed = project('renamed')
  const split = project('split')
  same.write('api.json', generate())
  split.write('api.json', { ...head(), paths: pathsOf(numbersTo(operations), '', fileOf) })
  for (const file of numbersTo(files)) split.write(`part${file}.json`, partOf(file, ''))
  const contenders: readonly Contender[] = [
    { name: 'barbacane compile', run: same.compile },
    {
      name: 'barbacane compile, every name new',
      prepare: (round) => renamed.write('api.json', generate(`r${round + warmUps}`)),
      run: renamed.compile,
    },
    {
      name: `barbacane compile, one of ${files + 1} files new`,
      prepare: (round) => split.write('part3.json', partOf(3, `Written in round ${round}.`)),
      run: () => split.compile(cache),
    },
    {
      name: 'swagger-parser validate',
      run: async () => void (await new SwaggerParser().validate(same.spec)),
    },
  ]
  const cache = createDocumentCache()
  const samples = contenders.map((contender) => ({ ...contender, ms: [] as number[], cpuMs: [] as number[] }))
  for (let round = -warmUps; round < rounds; round++) {
    // There and back, so that none always pays for the garbage of the same other one.
    for (const { prepare, run, ms, cpuMs } of round % 2 === 0 ? samples : samples.toReversed()) {
      prepare?.(round)
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

function project(name: string) {
  const root = join(folder, name)
  const manifest = join(root, 'barbacane.yaml')
  mkdirSync(join(root, 'specs'), { recursive: true })
  writeFileSync(manifest, 'version: 1\nspecs: ./specs/\n')
  return {
    spec: join(root, 'specs/api.json'),
    write: (file: string, content: object): void =>
      writeFileSync(join(root, 'specs', file), JSON.stringify(content, null, 2)),
    compile: async (cache?: DocumentCache): Promise<void> => {
      const { manifest: made } = await compileProject(await loadProject(manifest), {
        allowPlaintext: false,
        buildTimestamp: '2026-01-01T00:00:00Z',
        provenance: { commit: null, source: null, dirty: false },
        compiler: { name: 'barbacane', version: 'bench' },
        cache,
      })
      if (made.routes_count !== operations) throw new Error(`${made.routes_count} routes`)
    },
  }
}

/** The whole description; the tag is a part of every name. */
function generate(tag = ''): object {
  return {
    ...head(),
    paths: pathsOf(numbersTo(operations), tag, () => ''),
    components: { schemas: schemasOf(numbersTo(operations), tag) },
  }
}

function head(): object {
  return { openapi: '3.1.0', info: { title: 'Generated', version: '1' } }
}

/** A file of the description in parts: some of its schemas, which refer to each other alone. */
function partOf(file: number, description: string): object {
  const numbers = numbersTo(operations).filter((number) => fileOf(number) === `part${file}.json`)
  return { description, components: { schemas: schemasOf(numbers, '') } }
}

function fileOf(number: number): string {
  return `part${Math.floor((number * files) / operations)}.json`
}

function numbersTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, number) => number)
}

function schemasOf(numbers: readonly number[], tag: string): object {
  const item = (number: number) => ({
    type: 'object',
    required: ['id', 'name'],
    properties: {
      id: { type: 'string', format: 'uuid' },
      name: { type: 'string', minLength: 1, maxLength: 80, pattern: '^[a-z-]+$' },
      price: { type: 'number', minimum: 0 },
      state: { type: 'string', enum: ['new', 'open', 'done'] },
      tags: { type: 'array', maxItems: 20, items: { type: 'string', maxLength: 20 } },
      ...(number % 5 === 0 ? {} : { part: { $ref: `#/components/schemas/Item${tag}${number - 1}` } }),
    },
  })
  return Object.fromEntries(numbers.map((number) => [`Item${tag}${number}`, item(number)]))
}

function pathsOf(numbers: readonly number[], tag: string, fileOfItem: (number: number) => string): object {
  const operation = (number: number) => {
    const schema = { $ref: `${fileOfItem(number)}#/components/schemas/Item${tag}${number}` }
    return {
      operationId: `replaceItem${tag}${number}`,
      parameters: [
        { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
        { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } },
      ],
      requestBody: { required: true, content: { 'application/json': { schema } } },
      responses: {
        200: { description: 'The item as it is now.', content: { 'application/json': { schema } } },
      },
      'x-barbacane-dispatch': { name: 'mock', config: { body: '{}' } },
    }
  }
  return Object.fromEntries(
    numbers.map((number) => [`/items${tag}${number}/{id}`, { put: operation(number) }]),
  )
}
