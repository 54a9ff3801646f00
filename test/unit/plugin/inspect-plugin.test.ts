import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { sha256Hex } from '../../../src/domain/index.ts'
import { inspectPlugin, readModule } from '../../../src/plugin/index.ts'
import { CONFIG_SCHEMA_SECTION, withCustomSections } from '../../../src/sandbox/index.ts'
import { expectRejection } from '../../support/expect-problem.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { withManifest } from '../../support/wasm.ts'
import { entry, watPlugin } from '../../support/wat-plugin.ts'

const MANIFEST = `[plugin]
name = "filter"
version = "1.2.3"
description = "Filters."
license = "MIT"
[capabilities]
host_functions = ["generate_uuid"]
`
const plain = watPlugin({
  memory: '(memory (export "memory") 2 40)',
  body: entry('on_request', '(drop (call $host_body_len)) (call $host_uuid_generate)'),
})

describe('inspecting a plugin', () => {
  it('shows what it says of itself, what it takes and gives, and that it loads', () => {
    const schema = { type: 'object', required: ['a'] }
    const bytes = withCustomSections(
      withManifest(plain, MANIFEST),
      new Map([[CONFIG_SCHEMA_SECTION, Buffer.from(JSON.stringify(schema))]]),
    )
    const { confined_bytes: confined, ...rest } = inspectPlugin('filter.wasm', bytes)
    assert.ok(confined !== null && confined > plain.byteLength)
    assert.deepEqual(rest, {
      name: 'filter',
      version: '1.2.3',
      type: 'middleware',
      description: 'Filters.',
      license: 'MIT',
      sha256: sha256Hex(bytes),
      size_bytes: bytes.byteLength,
      memory: { min_pages: 2, max_pages: 40 },
      instances: 'reused',
      body_access: false,
      capabilities: ['generate_uuid'],
      imports: [
        { module: 'barbacane', name: 'host_body_len', signature: '() → i64', capabilities: [] },
        {
          module: 'barbacane',
          name: 'host_uuid_generate',
          signature: '() → i32',
          capabilities: ['generate_uuid'],
        },
      ],
      exports: [
        { name: 'memory', kind: 'memory', signature: null },
        { name: 'alloc', kind: 'function', signature: '(i32) → i32' },
        { name: 'on_request', kind: 'function', signature: '(i32, i32) → i32' },
      ],
      config_schema: schema,
      loads: true,
      reasons: [],
    })
  })

  it('says that each request gets an instance where the plugin asks for it, or cannot be put back', () => {
    const asks = withManifest(plain, `${MANIFEST}[instance]\nfresh = true\n`)
    const keepsState = watPlugin({
      body: `(table $t 4 funcref) (func $f) (elem declare func $f)
        ${entry('dispatch', '(table.set $t (i32.const 0) (ref.func $f)) (i32.const 0)')}`,
    })
    for (const bytes of [asks, keepsState]) assert.equal(inspectPlugin('a.wasm', bytes).instances, 'fresh')
    assert.equal(inspectPlugin('a.wasm', keepsState).body_access, true)
  })

  it('says why it would not load, and what can be known of it all the same', () => {
    const undeclared = inspectPlugin('a.wasm', withManifest(plain, '[plugin]\nname = "filter"\n'))
    assert.equal(undeclared.loads, false)
    assert.match(undeclared.reasons.join(), /does not declare `generate_uuid`/)
    assert.deepEqual([undeclared.name, undeclared.imports.length], ['filter', 2])
    const shared = watPlugin({
      memory: '(memory (export "memory") 1 2 shared)',
      body: entry('on_request', '(i32.const 0)'),
    })
    const { loads, reasons, confined_bytes: confined, instances } = inspectPlugin('a.wasm', shared)
    assert.deepEqual([loads, confined, instances], [false, null, null])
    assert.match(reasons.join(), /its memory is shared/)
    const badManifest = inspectPlugin('a.wasm', withManifest(plain, 'no = toml = '))
    assert.match(badManifest.reasons.join(), /its plugin\.toml is no TOML/)
    const nothing = inspectPlugin('a.wasm', Buffer.from('nothing at all'))
    assert.deepEqual([nothing.loads, nothing.memory, nothing.exports], [false, null, []])
    assert.match(nothing.reasons.join(), /is no WebAssembly module/)
  })

  it('needs a file that can be read (BCN_PLUGIN_NOT_READ)', async () => {
    await using folder = await temporaryFolder()
    await expectRejection('BCN_PLUGIN_NOT_READ', () => readModule(join(folder.path, 'none.wasm')))
  })
})
