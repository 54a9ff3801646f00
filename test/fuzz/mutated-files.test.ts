import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { compileProject } from '../../src/compiler/index.ts'
import { loadProject } from '../../src/config/index.ts'
import { isProblemError, type Finding } from '../../src/domain/index.ts'
import { repositoryRoot } from '../support/source-tree.ts'
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

/** How long each property is tried; more on request. */
const TIME_MS = Number(process.env['FUZZ_SECONDS'] ?? 20) * 1000

const options = {
  allowPlaintext: true,
  buildTimestamp: '2026-01-02T03:04:05Z',
  provenance: { commit: null, source: null, dirty: null },
  compiler: { name: 'barbacane', version: '0.0.0' },
}

/** Tries a property for a time; what is under way when it is over is awaited, since it uses the folder of the test. */
async function tryFor<T>(timeMs: number, arbitrary: fc.Arbitrary<T>, check: (value: T) => Promise<void>) {
  let last: Promise<void> | undefined
  const property = fc.asyncProperty(arbitrary, (value) => (last = check(value)))
  await fc.assert(property, {
    numRuns: 1_000_000,
    interruptAfterTimeLimit: timeMs,
    markInterruptAsFailure: false,
  })
  await last
}

/** Loads, checks and compiles; the only outcomes are a result, and a problem with findings that have a place. */
async function compile(folder: TemporaryFolder): Promise<void> {
  try {
    const project = await loadProject(join(folder.path, 'barbacane.yaml'))
    const { bytes, findings } = await compileProject(project, options)
    assert.ok(bytes.byteLength > 0)
    checkFindings(findings)
  } catch (error) {
    if (!isProblemError(error)) throw error
    const { code, message, findings = [] } = error.problem
    assert.match(code, /^BCN_(?:COMPILE|CONFIG)_/)
    assert.ok(message !== '')
    if (code === 'BCN_COMPILE_FINDINGS') assert.ok(findings.length > 0)
    checkFindings(findings)
  }
}

function checkFindings(findings: readonly Finding[]): void {
  for (const { rule, message, at } of findings) {
    assert.ok(rule !== '' && message !== '' && at.file !== '', rule)
    assert.ok(Number.isInteger(at.line) && at.line >= 1 && at.col >= 1, rule)
  }
}

async function filesBelow(folder: string): Promise<Readonly<Record<string, Buffer>>> {
  const entries = await readdir(join(repositoryRoot, folder), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && /\.(?:ya?ml|json)$/.test(entry.name))
  const read = files.map(async (entry): Promise<[string, Buffer]> => {
    const path = join(entry.parentPath, entry.name)
    return [path.slice(join(repositoryRoot, folder).length + 1), await readFile(path)]
  })
  return Object.fromEntries(await Promise.all(read))
}

/** What changes the meaning of a place most: punctuation, anchors, references, types, extremes. */
const tokens = [
  '&a ', '*a', '<<: ', '{', '}', '[', ']', ': ', '- ', '|\n', '>\n', '"', "'", '#', '!!binary ', '!!js/function ', '%', '\t', '\n',
  '\0', '\u2028', '\ud800', '---\n', '...\n', 'null', 'true', '1e999', '.nan', '-0', '99999999999999999999', '0x1F', '__proto__: ',
  "$ref: '#'", "$ref: '#/paths'", "$ref: 'specs/api.yaml'", "$ref: '../../../etc/passwd'", '$id: x', '$dynamicRef: "#a"',
  'x-barbacane-dispatch: ', 'x-barbacane-middlewares: ', 'openapi: ', '3.0.3', '3.2.0', 'type: ', 'allOf: ', "pattern: '(a+)+$'",
  'additionalOperations: ', 'in: path', '/{a}/{b+}', '{', 'default', 'nullable: true', 'discriminator: ',
] // prettier-ignore

interface Mutation {
  readonly file: number
  readonly at: number
  readonly length: number
  readonly action: 'delete' | 'repeat' | 'insert' | 'overwrite' | 'move'
  readonly token: string
  readonly byte: number
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  file: fc.nat(),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 80 }),
  action: fc.constantFrom('delete', 'repeat', 'insert', 'overwrite', 'move'),
  token: fc.constantFrom(...tokens),
  byte: fc.nat(255),
})

function mutate(bytes: Buffer, { at, length, action, token, byte }: Mutation): Buffer {
  const start = Math.floor(at * bytes.length)
  const [before, piece, after] = [
    bytes.subarray(0, start),
    bytes.subarray(start, start + length),
    bytes.subarray(start + length),
  ]
  switch (action) {
    case 'delete':
      return Buffer.concat([before, after])
    case 'repeat':
      return Buffer.concat([before, piece, piece, piece, after])
    case 'insert':
      return Buffer.concat([before, Buffer.from(token), piece, after])
    case 'overwrite':
      return Buffer.concat([before, Buffer.from([byte]), piece.subarray(1), after])
    case 'move':
      return Buffer.concat([before, after, piece])
  }
}

const projects = ['templates/basic', 'templates/minimal', 'examples/bookshop'] as const
const fixtures = [
  'bodies',
  'files',
  'middlewares',
  'openapi-3.0',
  'parameters',
  'references',
  'servers',
] as const

describe('any mutation of a sound project', () => {
  for (const name of [...projects, ...fixtures.map((fixture) => `test/golden/compile/fixtures/${fixture}`)]) {
    it(`compiles or is refused with findings: ${name}`, async () => {
      const read = await filesBelow(name)
      const given = Object.entries(read).filter(([path]) => !path.startsWith('expected'))
      const files = given.some(([path]) => path === 'barbacane.yaml')
        ? given
        : [...given, ['barbacane.yaml', Buffer.from("version: 1\nspecs: '*.{yaml,json}'\n")] as const]
      await using folder = await temporaryFolder(Object.fromEntries(files))
      await compile(folder)
      const share = TIME_MS / (projects.length + fixtures.length)
      await tryFor(share, fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
        const changed = new Map(files)
        for (const mutation of mutations) {
          const [path, bytes] = [...changed][mutation.file % changed.size] ?? assert.fail()
          changed.set(path, mutate(bytes, mutation))
        }
        await folder.write(Object.fromEntries(changed))
        await compile(folder)
      })
    })
  }
})

const keys = [
  'openapi', 'info', 'paths', '/a', '/a/{b}', 'get', 'post', 'parameters', 'requestBody', 'content', 'application/json', 'schema',
  'type', 'properties', 'items', 'allOf', 'oneOf', 'not', '$ref', '$defs', 'required', 'enum', 'pattern', 'example', 'examples',
  'default', 'components', 'schemas', 'servers', 'url', 'variables', 'security', 'x-barbacane-dispatch', 'x-barbacane-middlewares',
  'x-barbacane-mcp', 'name', 'in', 'config', 'discriminator', 'mapping', 'additionalOperations', 'callbacks', 'constructor',
] // prettier-ignore
const scalars = [
  '3.1.0',
  '3.0.3',
  '3.2.0',
  'string',
  'object',
  'array',
  '#',
  '#/paths',
  '#/components/schemas/a',
  'path',
  'query',
  'mock',
  '',
  '^(a|b)*$',
  'env://A',
  '/{x}',
]

const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 8, withCrossShrink: true },
    fc.oneof(fc.constantFrom<unknown>(...scalars, null, true, false, 0, -1, 1e21), fc.string()),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 6 }),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
})).value

describe('any document of the words of OpenAPI', () => {
  it('compiles or is refused with findings', async () => {
    await using folder = await temporaryFolder({ 'barbacane.yaml': 'version: 1\nspecs: api.json\n' })
    const info = { title: 't', version: '1' }
    const document = fc.tuple(
      fc.constantFrom('3.0.3', '3.1.0', '3.2.0'),
      fc.dictionary(fc.constantFrom(...keys), value),
    )
    await tryFor(TIME_MS / 2, document, async ([openapi, rest]) => {
      await folder.write({ 'api.json': JSON.stringify({ info, paths: {}, ...rest, openapi }) })
      await compile(folder)
    })
  })
})
