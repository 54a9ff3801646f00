import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

import { createSchemaTable } from '../../src/compiler/schema/index.ts'
import { needsExactEngine, type JsonSchema, type JsonValue } from '../../src/domain/index.ts'
import { createAccept } from '../../src/runtime/validate/accept/index.ts'
import { createExactValidate } from '../../src/runtime/validate/exact/index.ts'
import { compileSchema } from '../../src/runtime/validate/index.ts'
import { patternMaker } from '../../src/runtime/validate/make-pattern.ts'
import { unpackDebianPackage } from '../support/debian-package.ts'
import { documentSet } from '../support/documents.ts'
import { repositoryRoot } from '../support/source-tree.ts'

// The JSON Schema Test Suite, draft 2020-12, as Debian's libtest-json-schema-acceptance-perl brings it: each schema is
// compiled to a plan and judged by as a gateway would, and by the exact engine whether it is needed or not.

interface Group {
  readonly description: string
  readonly schema: JsonSchema
  readonly tests: readonly {
    readonly description: string
    readonly data: JsonValue
    readonly valid: boolean
  }[]
}

/** Where this differs from the suite, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  '$id inside an unknown keyword is not a real identifier':
    'a description has schemas in more places than JSON Schema knows of, so that an `$id` counts wherever no data is',
  'schema that uses custom metaschema with with no validation vocabulary':
    'a dialect of one’s own is refused by the compiler',
  'ignore unrecognized optional vocabulary': 'a dialect of one’s own is refused by the compiler',
}

/** Optional behaviour that is not offered: numbers beyond those of JavaScript, other drafts and dialects, other patterns. */
const OPTIONAL = new Set([
  'bignum.json',
  'cross-draft.json',
  'dependencies-compatibility.json',
  'ecmascript-regex.json',
  'format-assertion.json',
  'non-bmp-regex.json',
  'refOfUnknownKeyword.json',
])

const UNDER_TEST = 'http://localhost:1234/draft2020-12/schema-under-test.json'

const unpacked = unpackDebianPackage('libtest-json-schema-acceptance-perl')
const share =
  'folder' in unpacked
    ? join(unpacked.folder, 'usr/share/perl5/auto/share/dist/Test-JSON-Schema-Acceptance')
    : ''

describe('the JSON Schema test suite', { skip: 'reason' in unpacked && unpacked.reason }, () => {
  after(() => 'folder' in unpacked && rmSync(unpacked.folder, { recursive: true }))
  const remotes = share === '' ? {} : { ...filesBelow(join(share, 'remotes')), ...metaSchemas() }
  let judged = 0
  let exact = 0
  let [accepted, left] = [0, 0]
  const differences: string[] = []
  const refused = new Set<string>()

  for (const folder of ['', 'optional']) {
    const root = join(share, 'tests/draft2020-12', folder)
    const files =
      share === '' ? [] : readdirSync(root).filter((file) => file.endsWith('.json') && !OPTIONAL.has(file))
    for (const file of files) {
      it(`${join(folder, file)} is judged as it says`, () => {
        for (const group of JSON.parse(readFileSync(join(root, file), 'utf8')) as readonly Group[]) {
          const { schema, finding } = compile(group.schema, remotes)
          if (finding !== undefined) {
            refused.add(group.description)
            assert.ok(Object.hasOwn(DIFFERENT, group.description), `${group.description}: ${finding}`)
            continue
          }
          const engines = [compileSchema(schema), createExactValidate(schema)]
          if (needsExactEngine(schema)) exact += 1
          const accept = createAccept(schema, patternMaker())
          for (const { description, data, valid } of group.tests) {
            judged += 1
            if (accept(Buffer.from(JSON.stringify(data)))) {
              accepted += 1
              assert.ok(valid, `${group.description}: the bytes of ${description}`)
            } else if (valid) left += 1
            const isRight = engines.every((validate) => (validate(data) === undefined) === valid)
            if (isRight) continue
            differences.push(group.description)
            assert.ok(Object.hasOwn(DIFFERENT, group.description), `${group.description}: ${description}`)
          }
        }
      })
    }
  }

  it('is all there, and what differs is what is known to', () => {
    assert.ok(judged > 1150, `${judged} values were judged`)
    assert.ok(exact > 50, `${exact} schemas need the exact engine`)
    assert.ok(accepted > 200, `${accepted} values were accepted by their bytes, ${left} were not`)
    const seen = new Set([...differences, ...refused])
    assert.deepEqual([...seen].toSorted(), Object.keys(DIFFERENT).toSorted())
  })
})

function compile(written: JsonSchema, remotes: Readonly<Record<string, string>>) {
  const api = {
    openapi: '3.1.0',
    info: { title: 'Suite', version: '1' },
    components: { schemas: { X: { $ref: UNDER_TEST } } },
  }
  const set = documentSet({
    'api.json': JSON.stringify(api),
    [UNDER_TEST]: JSON.stringify(written),
    ...remotes,
  })
  const document = set.documents.get(UNDER_TEST)
  assert.ok(document)
  const table = createSchemaTable(set)
  const index = table.add([{ document, pointer: '', value: document.root }], '2020-12')
  const { texts, findings } = table.finish()
  const text = index === null ? 'true' : (texts[index] ?? 'true')
  return { schema: JSON.parse(text) as JsonSchema, finding: findings[0]?.message }
}

/** What the schemas of the suite refer to, by its URL. */
function filesBelow(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Object.fromEntries(
    files
      .filter((path) => path.endsWith('.json') && !/^draft(?!2020-12)/.test(path))
      .map((path) => [`http://localhost:1234/${path}`, readFileSync(join(folder, path), 'utf8')]),
  )
}

/** The meta-schemas, as ajv brings them. */
function metaSchemas(): Readonly<Record<string, string>> {
  const folder = join(repositoryRoot, 'node_modules/ajv/dist/refs/json-schema-2020-12')
  const base = 'https://json-schema.org/draft/2020-12/'
  const files = ['schema.json', ...readdirSync(join(folder, 'meta')).map((file) => `meta/${file}`)]
  return Object.fromEntries(
    files.map((file) => [base + file.replace('.json', ''), readFileSync(join(folder, file), 'utf8')]),
  )
}
