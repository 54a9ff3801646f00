import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { compileProject, createDocumentCache, type CompileOptions } from '../../../src/compiler/index.ts'
import { loadProject } from '../../../src/config/index.ts'
import { isProblemError } from '../../../src/domain/index.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const options: CompileOptions = {
  allowPlaintext: false,
  buildTimestamp: '2026-01-02T03:04:05Z',
  provenance: { commit: null, source: null, dirty: false },
  compiler: { name: 'barbacane', version: '1.2.3' },
}

const root = (path: string, ref: string, method = 'post') => `openapi: 3.1.0
info: { title: ${path}, version: '1' }
paths:
  /${path}:
    ${method}:
      requestBody: { content: { application/json: { schema: { $ref: '${ref}' } } } }
      x-barbacane-dispatch: { name: mock }
`

const overlay = (value: string) =>
  `overlay: 1.0.0\ninfo: { title: O, version: '1' }\nactions: [{ target: $.info, update: { summary: ${value} } }]\n`

/** What each file may hold; undefined stands for no file at all. */
const versions: Readonly<Record<string, readonly (string | undefined)[]>> = {
  'specs/a.yaml': [
    root('a', 'shared/types.yaml#/A'),
    root('a', 'shared/types.yaml#/B', 'put'),
    root('b', 'shared/more.json#/C'),
    root('a', 'nowhere.yaml#/A'),
    'openapi: 3.1.0\npaths: [\n',
  ],
  'specs/b.yaml': [root('b', 'shared/types.yaml#/B'), root('b', '#/components/schemas/None'), undefined],
  'specs/shared/types.yaml': [
    'A: { type: object, properties: { n: { type: integer } } }\nB: { $ref: more.json#/C }\n',
    'A: { type: object, properties: { n: { type: string } } }\nB: { type: array }\n',
    'A: { type: nonsense }\nB: { $ref: "#/A" }\n',
    undefined,
  ],
  'specs/shared/more.json': [
    '{"C":{"type":"string"}}',
    '{"C":{"type":"boolean"},"C":{}}',
    '{"C":',
    undefined,
  ],
  'overlay.yaml': [overlay('one'), overlay('two'), 'overlay: 1.0.0\n'],
}

const edit = fc
  .constantFrom(...Object.entries(versions))
  .chain(([path, texts]) => fc.constantFrom(...texts).map((text) => ({ path, text })))

/** The artifact, or every finding and problem of a compilation. */
async function outcomeOf(folder: string, more: Partial<CompileOptions> = {}): Promise<unknown> {
  try {
    const project = await loadProject(join(folder, 'barbacane.yaml'))
    const { bytes, findings } = await compileProject(project, { ...options, ...more })
    return { bytes: Buffer.from(bytes).toString('base64'), findings }
  } catch (error) {
    if (isProblemError(error)) return error.problem
    throw error
  }
}

describe('compileProject with a cache', () => {
  it('gives after any edits what it gives without one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
        const first = Object.fromEntries(Object.entries(versions).map(([path, [text = '']]) => [path, text]))
        await using folder = await temporaryFolder({
          'barbacane.yaml': 'version: 1\nspecs: [specs/a.yaml, specs/b.yaml]\noverlays: [overlay.yaml]\n',
          ...first,
        })
        const cache = createDocumentCache()
        assert.deepEqual(await outcomeOf(folder.path, { cache }), await outcomeOf(folder.path))
        for (const { path, text } of edits) {
          if (text === undefined) await rm(join(folder.path, path), { force: true })
          else await writeFile(join(folder.path, path), text)
          assert.deepEqual(await outcomeOf(folder.path, { cache }), await outcomeOf(folder.path))
        }
      }),
      { numRuns: 25 },
    )
  })
})

describe('createDocumentCache', () => {
  it('parses again only what has changed, and forgets what the load before has not read', () => {
    const cache = createDocumentCache()
    const bytes = (text: string) => Buffer.from(text)
    const first = cache.begin()('a.json', bytes('{"a":1}'))
    const second = cache.begin()
    assert.equal(second('a.json', bytes('{"a":1}')), first)
    assert.notEqual(cache.begin()('a.json', bytes('{"a":2}')), first)
    cache.begin()
    assert.notEqual(cache.begin()('a.json', bytes('{"a":1}')), first)
  })
})
