import assert from 'node:assert/strict'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { loadDocuments } from '../../../../src/compiler/document/index.ts'
import {
  checkStrings,
  collectInputs,
  collectPlugins,
  type FetchPlugin,
  type InputOptions,
} from '../../../../src/compiler/inputs/index.ts'
import { loadProject } from '../../../../src/config/index.ts'
import { formatLocation, sha256Hex } from '../../../../src/domain/index.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { withCustomSections } from '../../../../src/sandbox/index.ts'
import { wasmModule } from '../../../support/wasm.ts'

const API = "openapi: 3.1.0\ninfo: { title: t, version: '1' }\n"
const LFS = 'version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 1\n'

type Files = Readonly<Record<string, string | Uint8Array>>

interface Options extends Omit<InputOptions, 'plugins'> {
  readonly fetchPlugin?: FetchPlugin
}

async function collect(files: Files, options: Options = { allowPlaintext: false }) {
  await using folder = await temporaryFolder({
    'barbacane.yaml': 'version: 1\n',
    'specs/api.yaml': API,
    ...files,
  })
  return await collectAt(folder.path, options)
}

async function collectAt(root: string, { fetchPlugin, ...options }: Options = { allowPlaintext: false }) {
  const project = await loadProject(join(root, 'barbacane.yaml'))
  const { set } = await loadDocuments(project.specs, { root, overlays: project.overlays })
  const collected = await collectPlugins(project, fetchPlugin)
  const { inputs, bytesOf, plugins, findings } = collectInputs(project, set, {
    ...options,
    plugins: collected,
  })
  return {
    inputs: inputs.map((input) => `${input.kind} ${input.path}`),
    texts: Object.fromEntries(inputs.map((input) => [input.path, Buffer.from(bytesOf(input)).toString()])),
    plugins,
    schemas: collected.schemas,
    findings: [...[...set.documents.values()].flatMap(checkStrings), ...findings].map(
      ({ severity, at, message, hint }) => `${severity} ${formatLocation(at)} ${message}. ${hint}`,
    ),
  }
}

describe('collectInputs', () => {
  it('takes overlays as configuration', async () => {
    const { inputs, texts } = await collect({
      'barbacane.yaml': 'version: 1\noverlays: [./o/a.yaml]\n',
      'o/a.yaml':
        "overlay: 1.1.0\ninfo: { title: o, version: '1' }\nactions: [{ target: $, update: { x-a: 1 } }]\n",
    })
    assert.deepEqual(inputs, [
      'option .barbacane/options.json',
      'config barbacane.yaml',
      'config o/a.yaml',
      'spec specs/api.yaml',
    ])
    assert.equal(texts['specs/api.yaml'], API)
  })

  it('gathers everything that the output depends on, in the order of the fingerprint', async () => {
    const { inputs, texts, findings } = await collect({
      'barbacane.yaml': 'version: 1\nplugins: { p: { path: plugins/p.wasm } }\n',
      'specs/api.yaml': `${API}components: { schemas: { A: { $ref: '../shared/a.yaml' }, B: { $ref: '../barbacane.yaml' } } }\n`,
      'shared/a.yaml': 'type: string\n',
      'shared/unused.yaml': 'type: string\n',
      'plugins/p.wasm': wasmModule({ exports: ['dispatch'] }),
    })
    assert.deepEqual(inputs, [
      'option .barbacane/options.json',
      'config barbacane.yaml',
      'plugin plugins/p.wasm',
      'schema shared/a.yaml',
      'spec specs/api.yaml',
    ])
    assert.equal(texts['.barbacane/options.json'], '{"allow_plaintext":false}')
    assert.equal(texts['shared/a.yaml'], 'type: string\n')
    assert.deepEqual(findings, [])
  })

  it('records options that change the output', async () => {
    const { texts } = await collect({}, { allowPlaintext: true, specs: ['specs/api.yaml'] })
    assert.equal(texts['.barbacane/options.json'], '{"allow_plaintext":true,"specs":["specs/api.yaml"]}')
  })

  it('refuses CR LF and names the line of .gitattributes', async () => {
    const { findings } = await collect({
      'specs/api.yaml': `${API}x-a: 1\r\n`,
      'barbacane.yaml': 'version: 1\r\n',
    })
    const fault =
      'The lines end with CR LF, so that the fingerprint would differ from machine to machine. Git wrote them when it checked the file out: add the line `* text=auto eol=lf` to .gitattributes, run `git add --renormalize .` and check the file out again.'
    assert.deepEqual(findings, [`error barbacane.yaml:1:11 ${fault}`, `error specs/api.yaml:3:7 ${fault}`])
  })

  it('refuses pointers of git LFS', async () => {
    const { findings } = await collect({
      'barbacane.yaml': 'version: 1\nplugins: { p: { path: p.wasm } }\n',
      'specs/large.yaml': LFS,
      'p.wasm': LFS,
    })
    const fault =
      'The file is a pointer of git LFS, not the file itself. Run `git lfs pull`, or take the `filter=lfs` of this file out of .gitattributes and commit the file itself.'
    assert.deepEqual(findings, [`error specs/large.yaml:1:1 ${fault}`, `error p.wasm:1:1 ${fault}`])
  })

  it('refuses paths that are not the same everywhere', async () => {
    const long = `specs/${'long/'.repeat(10)}${'x'.repeat(101)}.yaml`
    const { findings } = await collect({
      'specs/API.yaml': API,
      'specs/e\u0301.yaml': API,
      [long]: API,
    })
    assert.deepEqual(findings, [
      'error specs/api.yaml:1:1 "specs/api.yaml" and "specs/API.yaml" are one file where letter case does not count. Rename one of the two, and what refers to it.',
      'error specs/e\u0301.yaml:1:1 "specs/e\u0301.yaml" cannot be the path of an input: its Unicode is not in normal form C. Rename the file, and what refers to it.',
      `error ${long}:1:1 ${JSON.stringify(long)} cannot be the path of an input: it is too long. Rename the file, and what refers to it.`,
    ])
  })

  it('takes what a plugin that is fetched gives, at a path that no file can have', async () => {
    const module = wasmModule({ exports: ['dispatch'] })
    const pin = `sha256: ${'ab'.repeat(32)}`
    const { inputs, plugins } = await collect(
      {
        'barbacane.yaml': `version: 1\nplugins:\n  far: { url: 'https://a.example/p.wasm', ${pin} }\n`,
        '.barbacane/plugins/far.wasm': 'not looked at',
      },
      {
        allowPlaintext: false,
        fetchPlugin: async ({ name, at }, remote) => {
          assert.deepEqual([name, formatLocation(at)], ['far', 'barbacane.yaml:3:15'])
          assert.deepEqual(remote, { kind: 'url', url: 'https://a.example/p.wasm', sha256: 'ab'.repeat(32) })
          return module
        },
      },
    )
    assert.ok(inputs.includes('plugin .barbacane/plugins/far.wasm'))
    assert.deepEqual(
      plugins.map(({ name, path, sha256 }) => [name, path, sha256]),
      [['far', '.barbacane/plugins/far.wasm', sha256Hex(module)]],
    )
  })

  it('refuses one file in two roles', async () => {
    const { findings } = await collect({
      'barbacane.yaml': 'version: 1\nplugins: { p: { path: specs/api.yaml } }\n',
    })
    assert.equal(findings.length, 2)
    assert.match(findings.join('\n'), /"specs\/api.yaml" is used as spec and as plugin/)
  })

  it('refuses text that has no form in UTF-8', async () => {
    const { findings } = await collect({
      'specs/api.yaml': `${API}x-a: "\\ud83d"\nx-b: { "\\udc00": 1, ok: "\\ud83d\\ude00" }\n`,
    })
    assert.deepEqual(
      findings.map((finding) => finding.slice(0, 60)),
      [
        'error specs/api.yaml:3:6 The text has half a surrogate pair.',
        'error specs/api.yaml:4:8 The text has half a surrogate pair.',
      ],
    )
  })

  it('follows links within the project and hashes what they lead to', async () => {
    await using outside = await temporaryFolder({ 'p.wasm': wasmModule({ exports: ['dispatch'] }) })
    await using folder = await temporaryFolder({
      'barbacane.yaml':
        'version: 1\nplugins: { a: { path: in.wasm }, b: { path: out.wasm }, c: { path: no.wasm } }\n',
      'real.wasm': wasmModule({ exports: ['on_request'] }),
      'real/api.yaml': API,
    })
    await mkdir(join(folder.path, 'specs'))
    await symlink('../real/api.yaml', join(folder.path, 'specs/api.yaml'))
    await symlink('real.wasm', join(folder.path, 'in.wasm'))
    await symlink(join(outside.path, 'p.wasm'), join(folder.path, 'out.wasm'))
    const { inputs, findings, texts } = await collectAt(folder.path)
    assert.ok(inputs.includes('plugin in.wasm') && inputs.includes('spec specs/api.yaml'))
    assert.equal(texts['specs/api.yaml'], API)
    assert.deepEqual(findings, [
      'error barbacane.yaml:2:45 The plugin out.wasm is not read: it is a link to a place outside of the project. Check the path; files are read from within the project only.',
      'error barbacane.yaml:2:68 The plugin no.wasm is not read: it does not exist. Check the path; files are read from within the project only.',
    ])
  })
})

describe('plugins', () => {
  async function pluginOf(bytes: string | Uint8Array) {
    const manifest = 'version: 1\nplugins: { p: { path: p.wasm } }\n'
    const { plugins, findings } = await collect({ 'barbacane.yaml': manifest, 'p.wasm': bytes })
    const [plugin] = plugins
    return { plugin, findings }
  }

  it('are described by their own bytes', async () => {
    const { plugin, findings } = await pluginOf(
      wasmModule({
        imports: [
          ['barbacane', 'host_log'],
          ['barbacane', 'host_http_call'],
          ['barbacane', 'host_log'],
          ['wasi_snapshot_preview1', 'random_get'],
        ],
        exports: ['on_request', 'on_response'],
        manifest: `# a comment
name = "outside"
[plugin]
name = "my-filter"
version = "1.2.3" # released
type = 'middleware'
license = "Apache-2.0"
[capabilities]
version = "9"
host_functions = ["log", # what it writes
  'http_call']
`,
      }),
    )
    assert.deepEqual(findings, [])
    assert.deepEqual(
      { ...plugin, sha256: '' },
      {
        name: 'p',
        version: '1.2.3',
        type: 'middleware',
        path: 'p.wasm',
        sha256: '',
        license: 'Apache-2.0',
        capabilities: ['host_http_call', 'host_log'],
      },
    )
  })

  it('have the type of what they export, and of their manifest where that is not clear', async () => {
    assert.equal((await pluginOf(wasmModule({ exports: ['dispatch'] }))).plugin?.type, 'dispatcher')
    const both = { exports: ['dispatch', 'on_request'] }
    assert.equal((await pluginOf(wasmModule(both))).plugin?.type, null)
    const declared = wasmModule({ ...both, manifest: '[plugin]\ntype = "dispatcher"\n' })
    assert.equal((await pluginOf(declared)).plugin?.type, 'dispatcher')
    const neither = await pluginOf(wasmModule())
    assert.equal(neither.plugin?.type, null)
    assert.match(neither.findings.join(), /^warning barbacane.yaml:2:23 The plugin `p` exports neither/)
  })

  it('import what their manifest declares, and export what their type needs', async () => {
    const faults = async (imports: readonly string[], manifest: string, exports = ['on_request']) => {
      const imported = imports.map((name) => ['barbacane', name] as const)
      const { findings } = await pluginOf(wasmModule({ imports: imported, exports, manifest }))
      return findings.map((finding) => finding.replace(/^error barbacane.yaml:2:23 The plugin `p` /, ''))
    }
    const declare = (list: string): string =>
      `[capabilities]\nhost_functions = [${list}]\n[other]\nx = ["cache"]\n`
    assert.deepEqual(await faults(['host_set_output', 'host_body_read'], declare('')), [])
    assert.deepEqual(await faults(['host_broker_read_result'], declare('"nats_publish"')), [])
    assert.deepEqual(await faults(['host_cache_get'], declare('"log"')), [
      'imports `host_cache_get` and does not declare `cache`. Add "cache" to `host_functions` of its plugin.toml and build it again, if it should be able to.',
    ])
    assert.deepEqual(await faults(['host_format_disk'], declare('"log"')), [
      'imports `host_format_disk`, which no gateway offers. Build it against a version that is supported.',
    ])
    assert.deepEqual(await faults([], declare('"htp_call"')), [
      'declares the capability `htp_call`, which is unknown. Did you mean `http_call`?',
    ])
    assert.deepEqual(await faults([], '[plugin]\ntype = "dispatcher"\n'), [
      'declares to be a dispatcher and does not export `dispatch`. Correct `type` in its plugin.toml.',
    ])
  })

  it('are what a gateway can run', async () => {
    const fault = async (module: Uint8Array) => (await pluginOf(module)).findings
    const hint =
      'Build it for wasm32 with one memory that it exports, and without threads, exceptions or garbage collection.'
    assert.deepEqual(await fault(wasmModule({ imports: [['env', 'abort']], exports: ['on_request'] })), [
      `error barbacane.yaml:2:23 The plugin \`p\` cannot be run: it imports env.abort, which no gateway offers. ${hint}`,
    ])
  })

  it('have a manifest that is TOML', async () => {
    const { findings } = await pluginOf(
      wasmModule({ exports: ['on_request'], manifest: '[plugin]\nname = "a' }),
    )
    assert.match(
      findings.join(),
      /^error barbacane.yaml:2:23 The plugin `p` cannot be run: its plugin.toml is no TOML: .+ at line 2/,
    )
  })

  it('carry the schema of their configuration, or have one named', async () => {
    const carrying = (schema: string) =>
      withCustomSections(
        wasmModule({ exports: ['on_request'] }),
        new Map([['barbacane_config_schema', Buffer.from(schema)]]),
      )
    const schemasOf = async (files: Readonly<Record<string, string | Uint8Array>>) => {
      const schema = 'p.json' in files ? ', schema: ./p.json' : ''
      const manifest = `version: 1\nplugins: { p: { path: p.wasm${schema} } }\n`
      const { schemas, findings, inputs } = await collect({ 'barbacane.yaml': manifest, ...files })
      return [Object.fromEntries(schemas), ...findings, inputs.includes('schema p.json')]
    }
    const embedded = { type: 'object', required: ['a'] }
    const named = { type: 'object', required: ['b'] }
    const module = carrying(JSON.stringify(embedded))
    assert.deepEqual(await schemasOf({ 'p.wasm': module }), [{ p: embedded }, false])
    assert.deepEqual(await schemasOf({ 'p.wasm': module, 'p.json': JSON.stringify(named) }), [
      { p: named },
      true,
    ])
    assert.deepEqual(await schemasOf({ 'p.wasm': carrying('{') }), [
      {},
      'error barbacane.yaml:2:23 The schema that is in the plugin `p` is not one: it is no JSON. Write a JSON Schema of draft 2020-12 as JSON.',
      false,
    ])
    assert.deepEqual(await schemasOf({ 'p.wasm': module, 'p.json': '{ "type": "objekt" }' }), [
      {},
      'error p.json:1:1 The schema p.json is not one: /type must be equal to one of the allowed values: array, boolean, integer, null, number, object, string. Write a JSON Schema of draft 2020-12 as JSON.',
      true,
    ])
    assert.deepEqual(await schemasOf({ 'p.wasm': module, 'p.json': '7' }), [
      {},
      'error p.json:1:1 The schema p.json is not one: it is neither an object nor a boolean. Write a JSON Schema of draft 2020-12 as JSON.',
      true,
    ])
  })

  it('have no schema that is not in the project', async () => {
    const { findings } = await collect({
      'barbacane.yaml': 'version: 1\nplugins: { p: { path: p.wasm, schema: ./no.json } }\n',
      'p.wasm': wasmModule({ exports: ['on_request'] }),
    })
    assert.deepEqual(findings, [
      'error barbacane.yaml:2:23 The schema no.json of the plugin `p` is not read: it does not exist. Check the path; files are read from within the project only.',
    ])
  })

  it('are refused when they are no modules', async () => {
    const text = await pluginOf('module')
    assert.match(
      text.findings.join(),
      /^error barbacane.yaml:2:23 The plugin `p` is no WebAssembly module: it does not begin with \\0asm/,
    )
    const damaged = await pluginOf(wasmModule({ exports: ['dispatch'] }).subarray(0, -2))
    assert.match(damaged.findings.join(), /is no WebAssembly module: /)
    assert.equal(damaged.plugin, undefined)
  })
})
