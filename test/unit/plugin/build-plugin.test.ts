import assert from 'node:assert/strict'
import { chmod, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { ifFound } from '../../../src/domain/index.ts'
import { buildPlugin, planPlugin, readPluginProject } from '../../../src/plugin/index.ts'
import { CONFIG_SCHEMA_SECTION, MANIFEST_SECTION, readCustomSection } from '../../../src/sandbox/index.ts'
import { expectRejection } from '../../support/expect-problem.ts'
import { repositoryRoot } from '../../support/source-tree.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { entry, watPlugin } from '../../support/wat-plugin.ts'

const MANIFEST = '[plugin]\nname = "filter"\ntype = "middleware"\n'
const plugin = watPlugin({ body: entry('on_request', '(i32.const 0)') })

/** Builds the plugin of a folder with a compiler that does what a line of shell does, with `$OUT` for its output. */
async function build(files: Readonly<Record<string, string | Uint8Array>>, script?: string) {
  const folder = await temporaryFolder({ 'plugin.toml': MANIFEST, ...files })
  const program = ['#!/bin/sh', 'while [ "$1" != -o ]; do shift; done; OUT=$2', script ?? ''].join('\n')
  if (script !== undefined) {
    await folder.write({ 'bin/clang': program })
    await chmod(join(folder.path, 'bin/clang'), 0o755)
  }
  const env = {
    PATH: script === undefined ? '' : `${join(folder.path, 'bin')}:/usr/bin:/bin`,
    HOME: folder.path,
  }
  const output = join(folder.path, 'filter.wasm')
  const host = { env, signal: new AbortController().signal, nodePath: process.execPath }
  return {
    ...folder,
    output,
    run: async () => buildPlugin(await readPluginProject(folder.path), output, host),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

const C = { 'src/plugin.c': 'int x;', 'module.wasm': plugin }
const COPY = 'cp module.wasm "$OUT"'

describe('building a plugin', () => {
  it('puts plugin.toml and the schema into the module, the same each time', async () => {
    const schema = '{"type":"object"}'
    await using folder = await build({ ...C, 'config.schema.json': schema }, COPY)
    const first = await folder.run()
    const bytes = await readFile(folder.output)
    assert.equal(readCustomSection(bytes, MANIFEST_SECTION)?.toString(), MANIFEST)
    assert.equal(readCustomSection(bytes, CONFIG_SCHEMA_SECTION)?.toString(), schema)
    assert.deepEqual(await folder.run(), first)
    assert.deepEqual([first.language, first.sizeBytes], ['c', bytes.byteLength])
  })

  it('needs a folder of one plugin (BCN_PLUGIN_NO_PROJECT, BCN_PLUGIN_NAME)', async () => {
    const cases: readonly Readonly<Record<string, string>>[] = [
      {},
      { 'src/plugin.c': '', 'Cargo.toml': '' },
      { 'plugin.toml': '[plugin]\n' },
      { 'plugin.toml': 'no = toml = at all' },
    ]
    for (const files of cases) {
      await using folder = await build(files)
      await expectRejection('BCN_PLUGIN_NO_PROJECT', folder.run)
    }
    await using none = await temporaryFolder()
    await expectRejection('BCN_PLUGIN_NO_PROJECT', () => readPluginProject(none.path))
    await using misnamed = await build({ 'plugin.toml': '[plugin]\nname = "My Filter"\n' })
    await expectRejection('BCN_PLUGIN_NAME', misnamed.run)
  })

  it('says which toolchain is missing and how to get it (BCN_PLUGIN_TOOLCHAIN)', async () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['src/plugin.c', /apt-get install clang lld/],
      ['Cargo.toml', /rustup target add wasm32-unknown-unknown/],
      ['assembly/index.ts', /npm install --save-dev assemblyscript/],
    ]
    for (const [file, hint] of cases) {
      await using folder = await build({ [file]: '' })
      assert.match((await expectRejection('BCN_PLUGIN_TOOLCHAIN', folder.run)).hint, hint)
    }
    const script =
      'echo "clang: error: unable to execute command: Executable \\"wasm-ld\\" doesn\'t exist!" >&2; exit 1'
    await using linkerless = await build(C, script)
    await expectRejection('BCN_PLUGIN_TOOLCHAIN', linkerless.run)
  })

  it('shows what the compiler reports, and keeps what was built before (BCN_PLUGIN_NOT_BUILT)', async () => {
    await using folder = await build(
      { ...C, 'filter.wasm': 'before' },
      'echo "plugin.c:1:2: error: no" >&2; exit 1',
    )
    const { message } = await expectRejection('BCN_PLUGIN_NOT_BUILT', folder.run)
    assert.match(message, /The toolchain of C did not build the plugin:\nplugin\.c:1:2: error: no/)
    assert.equal(await readFile(folder.output, 'utf8'), 'before')
    await using garbage = await build(C, 'echo garbage > "$OUT"')
    const { message: reason } = await expectRejection('BCN_PLUGIN_NOT_BUILT', garbage.run)
    assert.match(reason, /it is no core module/)
    await using silent = await build(C, 'exit 0')
    await expectRejection('BCN_PLUGIN_NOT_BUILT', silent.run)
  })

  it('writes nothing that no gateway would run (BCN_PLUGIN_UNFIT)', async () => {
    const undeclared = watPlugin({ body: entry('on_request', '(call $host_uuid_generate)') })
    const cases: readonly (readonly [Readonly<Record<string, string | Uint8Array>>, RegExp])[] = [
      [{ 'module.wasm': undeclared }, /does not declare `generate_uuid`/],
      [{ 'module.wasm': watPlugin({ body: '' }) }, /exports neither|does not export `on_request`/],
      [{ 'config.schema.json': '{"type":7}' }, /The schema that is in the plugin `filter` is not one/],
    ]
    for (const [files, finding] of cases) {
      await using folder = await build({ ...C, ...files }, COPY)
      const { findings = [] } = await expectRejection('BCN_PLUGIN_UNFIT', folder.run)
      assert.match(findings.map(({ message }) => message).join('\n'), finding)
      assert.equal(await ifFound(stat(folder.output)), undefined)
    }
  })
})

describe('a new plugin', () => {
  it('has what every plugin has, with its name in it, for each language', async () => {
    for (const language of ['assemblyscript', 'rust', 'c'] as const) {
      const files = await planPlugin(repositoryRoot, { name: 'my-filter', language, version: '1.2.3' })
      for (const path of ['plugin.toml', 'config.schema.json', 'tests/closed.yaml'])
        assert.ok(files.has(path), path)
      const text = [...files.values()].map((bytes) => Buffer.from(bytes).toString()).join('\n')
      assert.match(text, /name = "my-filter"/)
      assert.doesNotMatch(text, /\{\{/)
      if (language === 'assemblyscript') assert.match(text, /"@barbacane\/plugin-assemblyscript": "1\.2\.3"/)
      if (language !== 'c') assert.ok(files.has('.gitignore'))
    }
  })
})
