import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { decodeArtifact, loadPlan } from '../../../src/artifact/index.ts'
import { compileProject, type CompileOptions } from '../../../src/compiler/index.ts'
import { loadProject } from '../../../src/config/index.ts'
import { digestOf, fingerprint, formatLocation } from '../../../src/domain/index.ts'
import { expectRejection } from '../../support/expect-problem.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { wasmModule } from '../../support/wasm.ts'

const options: CompileOptions = {
  allowPlaintext: false,
  buildTimestamp: '2026-01-02T03:04:05Z',
  provenance: { commit: 'a'.repeat(40), source: null, dirty: false },
  compiler: { name: 'barbacane', version: '1.2.3' },
}

const spec = (title: string, path: string) => `openapi: 3.1.0
info: { title: ${title}, version: '1' }
paths:
  ${path}:
    post:
      requestBody: { content: { application/json: { schema: { $ref: 'shared/types.yaml#/A' } } } }
      x-barbacane-dispatch: { name: mock }
`

const files: Readonly<Record<string, string | Uint8Array>> = {
  'barbacane.yaml': 'version: 1\nplugins: { p: { path: p.wasm } }\n',
  'specs/b.yaml': spec('B', '/b'),
  'specs/a.yaml': spec('A', '/a'),
  'specs/shared/types.yaml': 'A: { type: object, properties: { n: { type: integer } } }\n',
  'p.wasm': wasmModule({ exports: ['on_request'] }),
}

async function compile(changed: typeof files = {}, more: Partial<CompileOptions> = {}) {
  await using folder = await temporaryFolder({ ...files, ...changed })
  const project = await loadProject(join(folder.path, 'barbacane.yaml'))
  return await compileProject(project, { ...options, ...more })
}

describe('compileProject', () => {
  it('makes an artifact that says what is in it', async () => {
    const { bytes, manifest, digest, findings } = await compile()
    assert.deepEqual(findings, [])
    const artifact = decodeArtifact(Buffer.from(bytes))
    assert.deepEqual(artifact.manifest, manifest)
    assert.equal(digest, digestOf(bytes))
    assert.equal(manifest.artifact_hash, fingerprint(manifest.inputs))
    const { compiler, provenance, buildTimestamp } = options
    assert.deepEqual(manifest.compiler, compiler)
    assert.deepEqual(manifest.provenance, provenance)
    assert.equal(manifest.build_timestamp, buildTimestamp)
    assert.deepEqual(
      manifest.source_specs.map(({ path, version, title }) => `${path} ${version} ${title}`),
      ['specs/a.yaml 3.1.0 A', 'specs/b.yaml 3.1.0 B'],
    )
    assert.deepEqual(
      manifest.plugins.map(({ name, type }) => `${name} ${type}`),
      ['p middleware'],
    )
    const plan = loadPlan(artifact)
    assert.deepEqual(
      plan.routes.map(({ method, path }) => `${method} ${path}`),
      ['POST /a', 'POST /b'],
    )
    assert.equal(plan.schemas.length, 1)
  })

  it('gives the same bytes for the same inputs, wherever they are', async () => {
    const [first, second] = [await compile(), await compile()]
    assert.deepEqual(first.bytes, second.bytes)
  })

  it('does not depend on the order of descriptions', async () => {
    const specs = ['specs/a.yaml', 'specs/b.yaml']
    const first = await compile({}, { specs })
    const second = await compile({}, { specs: [...specs, ...specs].toReversed() })
    assert.deepEqual(first.bytes, second.bytes)
    const listed = (list: string) => compile({ 'barbacane.yaml': `version: 1\nspecs: [${list}]\n` })
    const digestsOf = async (list: string) =>
      decodeArtifact(Buffer.from((await listed(list)).bytes)).entries.get('plan.json')
    assert.deepEqual(
      await digestsOf('specs/a.yaml, specs/b.yaml'),
      await digestsOf('specs/b.yaml, specs/a.yaml'),
    )
  })

  it('has another fingerprint when a byte of any input changes', async () => {
    const { artifact_hash: before } = (await compile()).manifest
    const inputs = Object.keys(files)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...inputs), fc.stringMatching(/^[a-z]{1,8}$/), async (path, word) => {
        const text = files[path] as string | Uint8Array
        const changed =
          typeof text === 'string'
            ? `${text}# ${word}\n`
            : wasmModule({ exports: ['on_request'], manifest: `# ${word}` })
        const { manifest } = await compile({ [path]: changed })
        assert.notEqual(manifest.artifact_hash, before, path)
      }),
      { numRuns: 12 },
    )
  })

  it('has another fingerprint for other options, and the same for other provenance', async () => {
    const { artifact_hash: plain } = (await compile()).manifest
    assert.notEqual((await compile({}, { allowPlaintext: true })).manifest.artifact_hash, plain)
    assert.notEqual(
      (await compile({}, { specs: ['specs/a.yaml', 'specs/b.yaml'] })).manifest.artifact_hash,
      plain,
    )
    const moved = await compile(
      {},
      { buildTimestamp: '2027-01-01T00:00:00Z', provenance: { commit: null, source: null, dirty: null } },
    )
    assert.equal(moved.manifest.artifact_hash, plain)
  })

  it('compiles the descriptions that are chosen', async () => {
    const { manifest } = await compile({}, { specs: ['specs/a.yaml'] })
    assert.deepEqual(
      manifest.source_specs.map(({ path }) => path),
      ['specs/a.yaml'],
    )
  })

  it('refuses errors of lint and of inputs at once, and those of the plan after them', async () => {
    const problem = await expectRejection('BCN_COMPILE_FINDINGS', () =>
      compile({ 'specs/a.yaml': spec('A', '/a').replace('mock', 'nobody'), 'p.wasm': 'x' }),
    )
    assert.equal(problem.exit, 3)
    assert.deepEqual(
      problem.findings?.map(({ rule, at }) => `${rule} ${formatLocation(at)}`),
      ['input-file barbacane.yaml:2:23', 'plugin-unknown specs/a.yaml:7:37'],
    )
    assert.equal(problem.message, 'Nothing was compiled: there are 2 errors in the project.')
    assert.equal(problem.at?.file, 'barbacane.yaml')
    const planned = await expectRejection('BCN_COMPILE_FINDINGS', () =>
      compile({ 'specs/shared/types.yaml': 'A: { type: objekt }\n' }),
    )
    assert.deepEqual(
      planned.findings?.map(({ rule, at }) => `${rule} ${formatLocation(at)}`),
      ['schema-keyword specs/shared/types.yaml:1:12'],
    )
  })

  it('checks the configuration of a plugin where it is used', async () => {
    const schema = { type: 'object', additionalProperties: false, properties: { level: { type: 'integer' } } }
    const use = `x-barbacane-middlewares:\n  - name: p\n    config: { level: high, levl: 1 }\n${spec('A', '/a')}`
    const { findings } = await expectRejection('BCN_COMPILE_FINDINGS', () =>
      compile({
        'barbacane.yaml': 'version: 1\nplugins: { p: { path: p.wasm, schema: p.json } }\n',
        'p.json': JSON.stringify(schema),
        'specs/a.yaml': use,
      }),
    )
    assert.deepEqual(
      findings?.map(({ rule, at, message }) => `${rule} ${formatLocation(at)} ${message}`),
      [
        'plugin-config specs/a.yaml:3:22 `level` is "high", not an integer',
        'plugin-config specs/a.yaml:3:28 The configuration of `p` has an unknown member `levl`',
      ],
    )
    const { manifest } = await compile({
      'barbacane.yaml': 'version: 1\nplugins: { p: { path: p.wasm, schema: p.json } }\n',
      'p.json': JSON.stringify(schema),
      'specs/a.yaml': use.replace('high, levl: 1', '7'),
    })
    assert.ok(manifest.inputs.some(({ kind, path }) => kind === 'schema' && path === 'p.json'))
  })

  it('gives warnings with the result', async () => {
    const { findings } = await compile({ 'p.wasm': wasmModule() })
    assert.deepEqual(
      findings.map(({ severity, rule }) => `${severity} ${rule}`),
      ['warning input-file'],
    )
  })
})
