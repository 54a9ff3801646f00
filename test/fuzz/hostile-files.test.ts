import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { barbacane, isolatedEnv } from '../support/binary.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** What the heap of one process may take; a description of 50 MB has to fit. */
const HEAP_MB = 1500
/** The most memory that a process may have held, as the system counts it: for files of a few kilobytes, and of 50 MB. */
const PEAK_MB = { small: 400, large: 1200 }
const LARGE_BYTES = 1024 * 1024
/** Tells at the end what the process has held at most. */
const TELL_PEAK =
  "data:text/javascript,process.on('exit',()=>process.stderr.write(`\\npeak_kb ${process.resourceUsage().maxRSS}\\n`))"
/** Far above what is needed: only what hangs is stopped. */
const PATIENCE_MS = 120_000
/** Findings, and for lint a file that cannot be read. */
const REFUSED = [3, 2]

const head = "openapi: 3.1.0\ninfo: { title: t, version: '1' }\n"
const operation = (body: string): string =>
  `paths: { /a: { post: { x-barbacane-dispatch: { name: mock }, requestBody: { content: { application/json: { schema: ${body} } } } } } }\n`

/** A manifest that names a file, which is not looked into to see whether it is a description. */
const named = (file: string): string => `version: 1\nspecs: ${file}\n`

type Files = Readonly<Record<string, string | Uint8Array>>

/** Runs a command in a process of bounded memory and gives its exit code and the rules of its findings. */
async function outcome(command: 'lint' | 'compile', files: Files) {
  await using folder = await temporaryFolder({ 'barbacane.yaml': 'version: 1\n', ...files })
  const [node, script] = barbacane()
  const output = command === 'compile' ? ['-o', 'api.bca'] : []
  const { status, signal, stdout, stderr } = spawnSync(
    node,
    [`--max-old-space-size=${HEAP_MB}`, '--import', TELL_PEAK, script, command, ...output, '--json'],
    {
      cwd: folder.path,
      env: isolatedEnv(join(folder.path, 'home')),
      encoding: 'utf8',
      timeout: PATIENCE_MS,
      maxBuffer: 256 * 1024 * 1024,
    },
  )
  assert.equal(signal, null, `${command} was stopped: ${stderr.slice(-500)}`)
  const peakMb = Number(/^peak_kb (\d+)$/m.exec(stderr)?.[1]) / 1024
  const limitMb = sizeOf(files) > LARGE_BYTES ? PEAK_MB.large : PEAK_MB.small
  assert.ok(peakMb < limitMb, `${command} has held ${peakMb} MB, of ${limitMb} MB at most`)
  return { status, rules: [...new Set(rulesIn(stdout))] }
}

function sizeOf(files: Files): number {
  return Object.values(files).reduce((sum, { length }) => sum + length, 0)
}

function rulesIn(text: string): readonly string[] {
  return [...text.matchAll(/"rule":\s*"([a-z-]+)"/g)].map(([, rule = '']) => rule)
}

/** Each level has two resources with anchors of their own, and both refer to both of the next. */
const manyWays = (): Files => {
  const level = (index: number) =>
    ['a', 'b'].map((side) => [
      `${side}${index}`,
      {
        $id: `https://a.example/${side}${index}`,
        properties: { a: { $ref: `a${index + 1}` }, b: { $ref: `b${index + 1}` } },
        $defs: { own: { $dynamicAnchor: `n${index}`, title: side } },
      },
    ])
  const end = { properties: { x: { $dynamicRef: '#end' } }, $defs: { e: { $dynamicAnchor: 'end' } } }
  const ends = ['a40', 'b40'].map((name) => [name, { $id: `https://a.example/${name}`, ...end }])
  const schemas = Object.fromEntries([
    ...Array.from({ length: 40 }, (_, index) => level(index)).flat(),
    ...ends,
  ])
  const components = JSON.stringify({ schemas })
  return {
    'specs/a.yaml': `${head}${operation('{ $ref: "https://a.example/a0" }')}components: ${components}\n`,
  }
}

/** Every reference may lead to every resource, as far as can be told without following all ways. */
const manyAnchors = (): Files => {
  const resource = (index: number) => [
    `s${index}`,
    { $id: `s${index}`, $dynamicRef: '#x', $defs: { x: { $dynamicAnchor: 'x' } } },
  ]
  const schemas = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => resource(index)))
  return {
    'specs/a.yaml': `${head}${operation('{ $ref: s0 }')}components: ${JSON.stringify({ schemas })}\n`,
  }
}

/** Files that each command refuses with findings, one of them of this rule. */
const refused: Readonly<Record<string, readonly [rule: string, files: () => Files]>> = {
  'aliases that multiply': [
    'syntax',
    () => {
      const levels = Array.from(
        { length: 30 },
        (_, level) => `  l${level + 1}: &l${level + 1} [${`*l${level}, `.repeat(9)}]\n`,
      )
      return { 'specs/a.yaml': `${head}x-laughs:\n  l0: &l0 [ha]\n${levels.join('')}` }
    },
  ],
  'an alias within itself': ['syntax', () => ({ 'specs/a.yaml': `${head}x-a: &a { a: *a }\n` })],
  'YAML nested 10,000 deep': [
    'syntax',
    () => ({ 'specs/a.yaml': `${head}x-a: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n` }),
  ],
  'YAML nested 10,000 deep by indentation': [
    'syntax',
    () => {
      const lines = Array.from({ length: 10_000 }, (_, level) => `${' '.repeat(level + 1)}a:\n`)
      return { 'specs/a.yaml': `${head}x-a:\n${lines.join('')}` }
    },
  ],
  'JSON nested 10,000 deep': [
    'syntax',
    () => ({ 'specs/a.json': `{"openapi":"3.1.0","x":${'[{"a":'.repeat(10_000)}1${'}]'.repeat(10_000)}}` }),
  ],
  'brackets that never close': [
    'syntax',
    () => ({ 'barbacane.yaml': named('a.json'), 'a.json': '['.repeat(1_000_000) }),
  ],
  'bytes that are not UTF-8': [
    'syntax',
    () => ({
      'specs/a.yaml': Buffer.concat([
        Buffer.from(`${head}x-a: "`),
        Buffer.from([0xff, 0xc0, 0x80]),
        Buffer.from('"\n'),
      ]),
    }),
  ],
  'half a character at the end': [
    'syntax',
    () => ({ 'specs/a.yaml': Buffer.concat([Buffer.from(`${head}x-a: `), Buffer.from([0xe2, 0x82])]) }),
  ],
  'keys that stand twice in YAML': ['syntax', () => ({ 'specs/a.yaml': `${head}paths: {}\npaths: {}\n` })],
  'keys that stand twice in JSON': [
    'syntax',
    () => ({
      'specs/a.json': '{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{},"paths":{}}',
    }),
  ],
  'a file above the limit': [
    'unreadable',
    () => ({ 'barbacane.yaml': named('a.yaml'), 'a.yaml': Buffer.alloc(50 * 1024 * 1024 + 1, ' ') }),
  ],
  'references in a circle': [
    'ref-unresolved',
    () => ({
      'specs/a.yaml': `${head}paths: { /a: { $ref: '#/components/pathItems/A' } }
components:
  pathItems: { A: { $ref: '#/components/pathItems/B' }, B: { $ref: '#/components/pathItems/A' }, C: { $ref: '#/nowhere' } }
`,
    }),
  ],
  'files that refer to each other without end': [
    'ref-unresolved',
    () => {
      const link = (file: number): string =>
        `a: { $ref: 'f${(file + 1) % 500}.yaml#/a' }\nb: { $ref: 'none.yaml' }\n`
      const files = Array.from({ length: 500 }, (_, file): [string, string] => [
        `specs/parts/f${file}.yaml`,
        link(file),
      ])
      return {
        'specs/a.yaml': `${head}paths: { /a: { $ref: 'parts/f0.yaml#/a' }, /b: { $ref: 'parts/f0.yaml#/b' } }\n`,
        ...Object.fromEntries(files),
      }
    },
  ],
}

/** Files that are sound, however unusual, and compile. */
const compiled: Readonly<Record<string, () => Files>> = {
  'schemas that contain themselves': () => ({
    'specs/a.yaml': `${head}${operation("{ $ref: '#/components/schemas/A' }")}components:
  schemas:
    A: { properties: { b: { $ref: '#/components/schemas/B' } } }
    B: { properties: { a: { $ref: '#/components/schemas/A' } } }
`,
  }),
  'a chain of 1,000 references': () => {
    const links = Array.from(
      { length: 1000 },
      (_, link) => `    S${link}: { $ref: '#/components/schemas/S${link + 1}' }\n`,
    )
    const schemas = `${links.join('')}    S1000: { type: integer }\n`
    return {
      'specs/a.yaml': `${head}${operation("{ $ref: '#/components/schemas/S0' }")}components:\n  schemas:\n${schemas}`,
    }
  },
  'a file of 45 MB': () => ({
    'specs/a.json': JSON.stringify({
      openapi: '3.1.0',
      info: { title: 't', version: '1' },
      paths: {
        '/a': { get: { 'x-barbacane-dispatch': { name: 'mock' }, responses: { 200: { description: 'd' } } } },
      },
      'x-data': Array.from({ length: 45 }, () => 'x'.repeat(1024 * 1024)),
    }),
  }),
  'an example that a tree of alternatives could match': () => {
    const branch = (level: number): string => {
      const next = `{ $ref: '#/components/schemas/L${level + 1}' }`
      return `    L${level}: { anyOf: [${next}, { allOf: [${next}] }, ${next}] }\n`
    }
    const levels = Array.from({ length: 60 }, (_, level) => branch(level)).join('')
    const media = "{ $ref: '#/components/schemas/L0' }, example: 1"
    return {
      'specs/a.yaml': `${head}${operation(media)}components:\n  schemas:\n${levels}    L60: { type: string }\n`,
    }
  },
  'a pattern and an example that would take for ever': () => ({
    'specs/a.yaml': `${head}${operation(`{ type: string, maxLength: 99, pattern: '^(a+)+$', example: ${'a'.repeat(60)}! }`)}`,
  }),
  'ten thousand resources with a dynamic reference each': manyAnchors,
}

/** Files whose schemas are followed only when they are made. */
const refusedByCompile: Readonly<Record<string, () => Files>> = {
  'dynamic references that are reached by ways without number': manyWays,
}

describe('hostile files', () => {
  for (const [name, [rule, files]] of Object.entries(refused)) {
    for (const command of ['lint', 'compile'] as const) {
      it(`are refused by ${command}: ${name}`, async () => {
        const { status, rules } = await outcome(command, files())
        assert.ok(REFUSED.includes(status ?? -1), `exit ${status}`)
        assert.ok(rules.includes(rule), rules.join())
      })
    }
  }
  for (const [name, files] of Object.entries(refusedByCompile)) {
    it(`are read by lint, and refused by compile: ${name}`, async () => {
      assert.equal((await outcome('lint', files())).status, 0)
      const { status, rules } = await outcome('compile', files())
      assert.deepEqual([status, rules.includes('schema-compiles')], [3, true])
    })
  }
  for (const [name, files] of Object.entries(compiled)) {
    it(`compile: ${name}`, async () => assert.deepEqual((await outcome('compile', files())).status, 0))
  }
})
