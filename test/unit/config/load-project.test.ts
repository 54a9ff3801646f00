import assert from 'node:assert/strict'
import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse } from 'yaml'

import { loadProject } from '../../../src/config/index.ts'
import { readManifest } from '../../../src/config/read-manifest.ts'
import { builtins, formatLocation } from '../../../src/domain/index.ts'
import { expectRejection } from '../../support/expect-problem.ts'
import { repositoryRoot } from '../../support/source-tree.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const API = "openapi: 3.1.0\ninfo: { title: t, version: '1' }\n"

async function faultsOf(manifest: string | Uint8Array, files: Readonly<Record<string, string>> = {}) {
  await using folder = await temporaryFolder({ 'specs/api.yaml': API, ...files, 'barbacane.yaml': manifest })
  const problem = await expectRejection('BCN_CONFIG_INVALID', () =>
    loadProject(join(folder.path, 'barbacane.yaml')),
  )
  assert.equal(problem.exit, 2)
  assert.deepEqual(problem.at, problem.findings?.[0]?.at)
  return problem.findings?.map(({ at, message, hint }) => `${formatLocation(at)} ${message}. ${hint}`)
}

describe('loadProject', () => {
  it('reads a project', async () => {
    await using folder = await temporaryFolder({
      'barbacane.yaml':
        'version: 1\nplugins:\n  zeta: { path: ./plugins/z.wasm }\n  alpha: { path: a.wasm }\n',
      'specs/b.yaml': API,
      'specs/inner/a.yml': `# a comment\n---\n"openapi": 3.0.3\n`,
      'specs/inner/c.json': '{ "info": { "openapi": 1 }, "openapi": "3.1.0" }',
      'specs/old.yaml': 'swagger: "2.0"\n',
      'specs/events.yaml': '{asyncapi: 3.0.0}',
      'specs/fragment.yaml': 'info:\n  openapi: 3.1.0\ntext: |\n  openapi: 3.1.0\n',
      'specs/fragment.json': '{ "deep": { "openapi": "3.1.0" }, "list": ["openapi"] }',
      'specs/notes.txt': 'openapi: 3.1.0\n',
      'specs/.hidden/d.yaml': API,
      'specs/node_modules/e.yaml': API,
    })
    const project = await loadProject(join(folder.path, 'barbacane.yaml'))
    assert.equal(project.root, folder.path)
    assert.equal(project.manifestPath, 'barbacane.yaml')
    assert.match(Buffer.from(project.manifestBytes).toString(), /^version: 1/)
    assert.deepEqual(project.specs, [
      'specs/b.yaml',
      'specs/events.yaml',
      'specs/inner/a.yml',
      'specs/inner/c.json',
      'specs/old.yaml',
    ])
    assert.deepEqual(
      [...project.plugins.values()].map(({ name, path, at }) => `${name} ${path} ${formatLocation(at)}`),
      ['alpha a.wasm barbacane.yaml:4:18', 'zeta plugins/z.wasm barbacane.yaml:3:17'],
    )
  })

  it('takes globs, and listed files whatever they hold', async () => {
    await using folder = await temporaryFolder({
      'barbacane.yaml': 'version: 1\nspecs: [./a/*.yaml, "b/**/*.json", ./plain.yaml, a/one.yaml]\n',
      'a/one.yaml': API,
      'a/part.yaml': 'x: 1\n',
      'b/c/two.json': '{"openapi":"3.1.0"}',
      'plain.yaml': 'x: 1\n',
    })
    const { specs } = await loadProject(join(folder.path, 'barbacane.yaml'))
    assert.deepEqual(specs, ['a/one.yaml', 'b/c/two.json', 'plain.yaml'])
  })

  it('does not leave out a description that cannot be parsed', async () => {
    await using folder = await temporaryFolder({
      'barbacane.yaml': 'version: 1\n',
      'specs/broken.yaml': 'openapi: 3.1.0\n  paths: {\n',
      'specs/broken.json': '{ "openapi": "3.1.0", ',
    })
    const { specs } = await loadProject(join(folder.path, 'barbacane.yaml'))
    assert.deepEqual(specs, ['specs/broken.json', 'specs/broken.yaml'])
  })

  it('refuses aliases that stand for nothing, or for too much', async () => {
    assert.deepEqual(await faultsOf('version: 1\nspecs: &a a.yaml\nplugins: { p: *b, q: *a }\n'), [
      'barbacane.yaml:3:15 The YAML cannot be read: unresolved alias. Write out what the alias stands for.',
    ])
    const many = `version: 1\nspecs: [&a [x, x], ${'*a, '.repeat(200)}]\n`
    assert.match(
      String(await faultsOf(many)),
      /^barbacane.yaml:2:20 The YAML cannot be read: excessive alias count/,
    )
  })

  it('lists all faults at once, with their places and what may have been meant', async () => {
    assert.deepEqual(
      await faultsOf(`versoin: 1
specs: [specs/api.yaml, 7, ../other, nowhere.yaml, /etc/api.yaml]
plugins:
  mock: { path: a.wasm }
  Shouting: { path: b.wasm }
  far: { oci: registry.example/x }
  farther: { url: 'https://example.com/x', sha256: aa }
  bare: a.wasm
  none: {}
  odd: { path: 3, sha: 1 }
  outside: { path: ../c.wasm }
`),
      [
        'barbacane.yaml:1:1 The key `version` is missing. Write `version: 1`.',
        'barbacane.yaml:1:1 The key `versoin` is unknown. Did you mean `version`?',
        'barbacane.yaml:2:25 The entry is the number 7, not a path. Write a folder, a glob or a list of files, e.g. `specs: ./specs/`.',
        'barbacane.yaml:2:28 "../other" cannot be a path of the project: it has an empty, `.` or `..` segment. Write it relative to this file, with `/`, and keep it below the folder of this file.',
        'barbacane.yaml:2:38 "nowhere.yaml" does not exist. Name a folder, a glob or files that exist, relative to this file.',
        'barbacane.yaml:2:52 "/etc/api.yaml" cannot be a path of the project: it is absolute. Write it relative to this file, with `/`, and keep it below the folder of this file.',
        'barbacane.yaml:4:3 `mock` is built in and cannot be replaced by a plugin. Remove the entry, or give the plugin another name.',
        'barbacane.yaml:5:3 "Shouting" is no name of a plugin. Use lower-case letters, digits and hyphens, beginning with a letter, 64 at most.',
        'barbacane.yaml:6:15 "registry.example/x" does not name a plugin by its digest. A tag can be moved. Pin it: HOST/REPOSITORY@sha256:DIGEST; `oras resolve` prints the digest.',
        'barbacane.yaml:7:52 The sha256 is the string "aa", not 64 hex digits. Write the SHA-256 of the file in lower-case hex; `sha256sum` prints it.',
        `barbacane.yaml:8:9 The plugin is the string "a.wasm", not an object. ${SOURCES}`,
        `barbacane.yaml:9:9 The plugin has no \`path\`, \`oci\` or \`url\`. ${SOURCES}`,
        `barbacane.yaml:10:16 The path is the number 3, not a text. ${SOURCES}`,
        'barbacane.yaml:10:19 The key `sha` is unknown. Known are: path, schema.',
        'barbacane.yaml:11:20 "../c.wasm" cannot be a path of the project: it has an empty, `.` or `..` segment. Write it relative to this file, with `/`, and keep it below the folder of this file.',
      ],
    )
  })

  it('refuses what is no manifest', async () => {
    assert.match((await faultsOf(''))?.[0] ?? '', /^barbacane.yaml:1:1 The file is empty/)
    assert.match((await faultsOf('- a\n'))?.[0] ?? '', /:1:1 The file holds a list, not an object/)
    assert.match((await faultsOf('version: 2\n'))?.[0] ?? '', /:1:10 The version is the number 2, not 1/)
    assert.match((await faultsOf('version: 1\nversion: 1\n'))?.[0] ?? '', /:2:1 The YAML cannot be read/)
    assert.match((await faultsOf('version: 1\nspecs: [a\n'))?.[0] ?? '', /:3:1 The YAML cannot be read/)
    assert.match((await faultsOf('version: 1\nspecs: []\n'))?.[0] ?? '', /:2:8 The list of specs is empty/)
    assert.match((await faultsOf('version: 1\nplugins: []\n'))?.[0] ?? '', /:2:10 `plugins` is a list/)
  })

  it('refuses a folder without a description', async () => {
    const faults = await faultsOf('version: 1\nspecs: parts\n', { 'parts/a.yaml': 'x: 1\n' })
    assert.match(faults?.[0] ?? '', /:2:8 There is no description in "parts"/)
  })

  it('follows links within the project only', async () => {
    await using outside = await temporaryFolder({ 'api.yaml': API, 'specs/api.yaml': API })
    await using folder = await temporaryFolder({ 'barbacane.yaml': 'version: 1\n', 'real/api.yaml': API })
    await mkdir(join(folder.path, 'specs'))
    await symlink('../real/api.yaml', join(folder.path, 'specs/inside.yaml'))
    const path = join(folder.path, 'barbacane.yaml')
    assert.deepEqual((await loadProject(path)).specs, ['specs/inside.yaml'])
    await symlink(join(outside.path, 'api.yaml'), join(folder.path, 'specs/outside.yaml'))
    await symlink('../real', join(folder.path, 'specs/folder'))
    await symlink('gone.yaml', join(folder.path, 'specs/lost.yaml'))
    const { findings } = await expectRejection('BCN_CONFIG_INVALID', () => loadProject(path))
    assert.deepEqual(findings?.map(({ message }) => message).toSorted(), [
      'specs/folder is a link to a folder, which is not entered',
      'specs/lost.yaml is a link that leads nowhere',
      'specs/outside.yaml is a link to a place outside of the project',
    ])
  })

  it('says why a manifest cannot be read', async () => {
    await using folder = await temporaryFolder({ 'latin.yaml': Buffer.from([0x76, 0xe9, 0x0a]) })
    const missing = await expectRejection('BCN_CONFIG_UNREADABLE', () =>
      loadProject(join(folder.path, 'no.yaml')),
    )
    assert.match(missing.message, /no\.yaml: there is no such file/)
    const latin = await expectRejection('BCN_CONFIG_UNREADABLE', () =>
      loadProject(join(folder.path, 'latin.yaml')),
    )
    assert.match(latin.message, /it is not UTF-8/)
  })
})

const HEX = 'ab'.repeat(32)
const SOURCES =
  'Write { path: ./plugins/name.wasm }, { oci: REFERENCE@sha256:DIGEST } or { url: https://…, sha256: HEX }.'

describe('the published schema', async () => {
  const schema = JSON.parse(await readFile(join(repositoryRoot, 'schemas/barbacane.schema.json'), 'utf8'))
  const validate = new Ajv2020().compile(schema)

  it('accepts what is accepted and refuses what is refused', () => {
    const manifests = [
      'version: 1',
      'version: 1\nspecs: ./specs/',
      'version: 1\nspecs: .',
      'version: 1\nspecs: "a/**/*.{yaml,json}"',
      'version: 1\nspecs: [a.yaml, ./b/]\nplugins: {}',
      'version: 1\nplugins: { a-1: { path: ./x.wasm } }',
      '',
      '[]',
      'specs: a',
      'version: "1"',
      'version: 2',
      'version: 1\nspec: a',
      'version: 1\nspecs: []',
      'version: 1\nspecs: ""',
      'version: 1\nspecs: null',
      'version: 1\nspecs: [1]',
      'version: 1\nspecs: ../a',
      'version: 1\nspecs: a/../../b',
      'version: 1\nspecs: /a',
      'version: 1\nspecs: "a\\\\b"',
      'version: 1\nspecs: "a\\nb"',
      'version: 1\nverify: { policy: ./verify.yaml }',
      'version: 1\nverify: {}',
      'version: 1\nverify: ./verify.yaml',
      'version: 1\nverify: { policy: ../verify.yaml }',
      'version: 1\nverify: { policy: 1 }',
      'version: 1\nverify: { policy: "" }',
      'version: 1\nverify: { policy: a.yaml, key: b }',
      'version: 1\noverlays: []',
      'version: 1\noverlays: [a.yaml, ./b/c.json]',
      'version: 1\noverlays: [a.yaml, a.yaml]',
      'version: 1\noverlays: [../a.yaml]',
      'version: 1\noverlays: [""]',
      'version: 1\noverlays: [1]',
      'version: 1\noverlays: a.yaml',
      'version: 1\noverlays: {}',
      'version: 1\noverlays: null',
      'version: 1\nlint: {}',
      'version: 1\nlint: { rules: { a: off, b: info, c: warning, d: error } }',
      'version: 1\nlint: { rules: { a: warn } }',
      'version: 1\nlint: { rules: { a: false } }',
      'version: 1\nlint: { rules: [] }',
      'version: 1\nlint: { rule: {} }',
      'version: 1\nlint: off',
      'version: 1\nplugins: null',
      'version: 1\nplugins: { a: x.wasm }',
      'version: 1\nplugins: { a: {} }',
      'version: 1\nplugins: { a: { path: 1 } }',
      'version: 1\nplugins: { a: { path: "" } }',
      'version: 1\nplugins: { a: { path: x.wasm, schema: ./x.json } }',
      'version: 1\nplugins: { a: { path: x.wasm, schema: ../x.json } }',
      'version: 1\nplugins: { a: { path: x.wasm, schema: 1 } }',
      'version: 1\nplugins: { a: { schema: x.json } }',
      'version: 1\nplugins: { a: { path: x.wasm, sha256: y } }',
      'version: 1\nplugins: { a: { oci: x } }',
      'version: 1\nplugins: { a: { oci: registry.example/x:1 } }',
      'version: 1\nplugins: { a: { oci: 1 } }',
      `version: 1\nplugins: { a: { oci: 'registry.example/x@sha256:${HEX}' } }`,
      `version: 1\nplugins: { a: { oci: 'oci://localhost:5000/x/y:1@sha256:${HEX}' } }`,
      `version: 1\nplugins: { a: { oci: 'registry.example/x@sha256:${HEX}', sha256: ${HEX} } }`,
      `version: 1\nplugins: { a: { oci: 'registry.example/x@sha256:${HEX}', path: a.wasm } }`,
      `version: 1\nplugins: { a: { url: 'https://a.example/x.wasm?y=1', sha256: ${HEX} } }`,
      `version: 1\nplugins: { a: { url: 'http://a.example/x.wasm', sha256: ${HEX} } }`,
      `version: 1\nplugins: { a: { url: 'https://u:p@a.example/x.wasm', sha256: ${HEX} } }`,
      `version: 1\nplugins: { a: { url: 'https://a.example', sha256: ${HEX} } }`,
      `version: 1\nplugins: { a: { url: 'https://a.example/x.wasm', sha256: ${HEX.toUpperCase()} } }`,
      'version: 1\nplugins: { a: { url: "https://a.example/x.wasm" } }',
      `version: 1\nplugins: { a: { sha256: ${HEX} } }`,
      'version: 1\nplugins: { a: { path: ./.barbacane/plugins/a.wasm } }',
      'version: 1\nplugins: { a: { path: .barbacane/a.wasm } }',
      'version: 1\nplugins: { A: { path: x.wasm } }',
      'version: 1\nplugins: { a_b: { path: x.wasm } }',
      ...[...builtins.keys()].map((name) => `version: 1\nplugins: { ${name}: { path: x.wasm } }`),
    ]
    for (const text of manifests) {
      const value: unknown = parse(text)
      assert.equal(validate(value), readManifest(value).faults.length === 0, text)
    }
  })
})
