import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { Ajv, type AnySchemaObject } from 'ajv'

import { decodeArtifact } from '../../../src/artifact/index.ts'
import {
  checkSbomContent,
  createSbom,
  readInstalledPackages,
  sbomVersions,
} from '../../../src/attest/index.ts'
import { validateSbom } from '../../../src/attest/sbom/validate-sbom.ts'
import { describeInput } from '../../../src/domain/index.ts'
import { expectProblem, expectRejection } from '../../support/expect-problem.ts'
import { sampleArtifact, sampleInputs } from '../../support/sample-artifact.ts'
import { samplePackages } from '../../support/signed-sample.ts'
import { repositoryRoot } from '../../support/source-tree.ts'

const wasm = describeInput('plugin', 'plugins/mock.wasm', Buffer.from('\0asm\x01\0\0\0'))
const artifact = decodeArtifact(
  sampleArtifact({
    inputs: [...sampleInputs, { kind: 'schema', path: 'schemas/ä.json', text: '{}' }],
    manifest: {
      plugins: [
        {
          name: 'mock',
          version: '1.2.0',
          type: 'dispatcher',
          path: wasm.path,
          sha256: wasm.sha256,
          license: 'Apache-2.0 OR MIT',
          capabilities: ['host_http_call', 'host_log'],
        },
      ],
    },
  }),
)
const request = { artifact, name: 'api.bca', specVersion: '1.6', packages: samplePackages } as const

interface Component {
  'bom-ref': string
  type: string
  name: string
  purl?: string
  scope?: string
  licenses?: unknown
  hashes?: { alg: string; content: string }[]
  properties?: { name: string; value: string }[]
}

async function make(specVersion: (typeof sbomVersions)[number] = '1.6') {
  return JSON.parse(String(await createSbom({ ...request, specVersion }))) as {
    specVersion: string
    serialNumber: string
    metadata: { timestamp: string; component: Component; lifecycles: unknown }
    components: Component[]
    dependencies: { ref: string; dependsOn?: string[] }[]
  }
}

describe('createSbom', () => {
  for (const version of sbomVersions) {
    it(`describes an artifact in CycloneDX ${version}, valid by its schema`, async () => {
      const bom = await make(version)
      assert.equal(bom.specVersion, version)
      assert.match(
        bom.serialNumber,
        /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      )
      assert.equal(Date.parse(bom.metadata.timestamp), Date.parse(artifact.manifest.build_timestamp))
      assert.equal(bom.metadata.component.hashes?.[0]?.content, artifact.digest.slice(7))
      assert.deepEqual(
        bom.components.map((component) => component['bom-ref']),
        [
          ...artifact.manifest.inputs.map(({ kind, path }) => `${kind}:${path}`),
          'pkg:npm/barbacane@0.1.0',
          'pkg:npm/%40scope/a@1.0.0',
          'pkg:npm/b@2.0.0',
        ],
      )
    })
  }

  it('fits the schemas that CycloneDX publishes, by another validator than the one that it was written with', async () => {
    const folder = join(repositoryRoot, 'node_modules/@cyclonedx/cyclonedx-library/res/schema')
    // The files refer to each other by their names, as the copies that are published for tools do.
    const read = async (name: string): Promise<AnySchemaObject> => {
      const file = `${name}.SNAPSHOT.schema.json`
      const schema = JSON.parse(await readFile(join(folder, file), 'utf8')) as AnySchemaObject
      return { ...schema, $id: `http://cyclonedx.org/schema/${file}` }
    }
    const schemas = await Promise.all(['spdx', 'jsf-0.82', 'cryptography-defs'].map(read))
    for (const version of sbomVersions) {
      // The formats are the business of the validator of the library; `meta:enum` is a note of the schema.
      const ajv = new Ajv({ strict: false, validateFormats: false, schemas })
      const validate = ajv.compile(await read(`bom-${version}`))
      const bom = await make(version)
      assert.equal(validate(bom), true, ajv.errorsText(validate.errors))
      assert.equal(validate({ ...bom, serialNumber: 'no urn' }), false)
      assert.equal(validate({ ...bom, components: [{ name: 'without a type' }] }), false)
    }
  })

  it('is the same bytes every time, and other bytes for another artifact', async () => {
    const [one, two] = [await createSbom(request), await createSbom(request)]
    assert.ok(one.equals(two))
    const other = decodeArtifact(sampleArtifact())
    assert.ok(!one.equals(await createSbom({ ...request, artifact: other })))
  })

  it('tells of a plugin what it is and what it may do', async () => {
    const { components } = await make()
    const plugin = components.find((component) => component['bom-ref'] === 'plugin:plugins/mock.wasm')
    assert.equal(plugin?.type, 'library')
    assert.deepEqual(plugin.licenses, [{ expression: 'Apache-2.0 OR MIT' }])
    assert.match(plugin.purl ?? '', /^pkg:generic\/mock@1\.2\.0\?checksum=sha256/)
    const capabilities = plugin.properties?.filter(({ name }) => name === 'dev.barbacane:capability')
    assert.deepEqual(
      capabilities?.map(({ value }) => value),
      ['host_http_call', 'host_log'],
    )
  })

  it('tells what depends on what, and which packages only made it', async () => {
    const { components, dependencies } = await make()
    const dependsOn = (ref: string) => dependencies.find((entry) => entry.ref === ref)?.dependsOn ?? []
    assert.equal(dependsOn('artifact').length, artifact.manifest.inputs.length + 1)
    assert.deepEqual(dependsOn('pkg:npm/barbacane@0.1.0'), ['pkg:npm/%40scope/a@1.0.0'])
    assert.deepEqual(dependsOn('pkg:npm/%40scope/a@1.0.0'), ['pkg:npm/b@2.0.0'])
    const made = components.filter(({ scope }) => scope === 'excluded').map(({ name }) => name)
    assert.deepEqual(made, ['barbacane', 'a', 'b'])
    assert.deepEqual(components.at(-1)?.licenses, [{ license: { name: 'SEE LICENSE IN LICENSE' } }])
    assert.deepEqual(components.at(-2)?.licenses, [{ expression: '(MIT OR Apache-2.0)' }])
  })

  it('never returns what the schema refuses', async () => {
    const library = await import('@cyclonedx/cyclonedx-library')
    const bad = JSON.stringify({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      components: [{ type: 'nothing' }],
    })
    await expectRejection('BCN_SBOM_INVALID', () => validateSbom(library, bad, '1.6'))
  })
})

describe('checkSbomContent', () => {
  it('wants the artifact as root and exactly its inputs', async () => {
    const sbom = await createSbom(request)
    assert.equal(checkSbomContent(sbom, artifact), 8)
    const changed = (change: (bom: Awaited<ReturnType<typeof make>>) => void) => {
      const bom = JSON.parse(String(sbom))
      change(bom)
      return Buffer.from(JSON.stringify(bom))
    }
    const set = (component: Component | undefined, name: string, value: string) => {
      for (const property of component?.properties ?? [])
        if (property.name.endsWith(name)) property.value = value
    }
    const faults = [
      Buffer.from('no'),
      Buffer.from('{}'),
      changed((bom) => Object.assign(bom.metadata.component, { hashes: [] })),
      changed((bom) => set(bom.metadata.component, 'artifact_hash', 'sha256:0')),
      changed((bom) => bom.components.shift()),
      changed((bom) => bom.components.push(bom.components[0] as Component)),
      changed((bom) => set(bom.components[0], ':path', 'other')),
      changed((bom) => set(bom.components[0], ':kind', 'spec')),
      changed((bom) => Object.assign(bom.components[0]?.hashes?.[0] ?? {}, { content: '0'.repeat(64) })),
      changed((bom) => bom.components.push({ ...(bom.components[0] as Component), hashes: [] })),
    ]
    for (const fault of faults)
      expectProblem('BCN_VERIFY_SBOM_CONTENT', () => checkSbomContent(fault, artifact))
  })
})

describe('readInstalledPackages', () => {
  let root: string
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'packages-'))
    const write = async (folder: string, description: object) => {
      await mkdir(join(root, folder), { recursive: true })
      await writeFile(join(root, folder, 'package.json'), JSON.stringify(description))
    }
    await write('.', { name: 'tool', version: '1.0.0', license: 'MIT', dependencies: { a: '^1', b: '2' } })
    await write('node_modules/a', {
      name: 'a',
      version: '1.1.0',
      dependencies: { c: '1' },
      optionalDependencies: { absent: '1' },
    })
    await write('node_modules/b', { name: 'b', version: '2.0.0', dependencies: { a: '1', c: '2' } })
    await write('node_modules/c', { name: 'c', version: '1.0.0', dependencies: { a: '1' } })
    await write('node_modules/b/node_modules/c', { name: 'c', version: '2.0.0' })
    await write('node_modules/unused', { name: 'unused', version: '1.0.0' })
    const integrity = `sha512-${Buffer.alloc(64, 7).toString('base64')}`
    const packages = {
      'node_modules/b/node_modules/c': { integrity },
      'node_modules/a': { integrity: 'sha1-AAAA' },
    }
    await writeFile(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }))
  })
  after(() => rm(root, { recursive: true }))

  it('follows the resolution of Node through nested versions and cycles', async () => {
    const { compiler, dependencies } = await readInstalledPackages(root)
    assert.deepEqual(compiler.dependsOn, ['a@1.1.0', 'b@2.0.0'])
    assert.deepEqual(
      dependencies.map(({ name, version, dependsOn }) => [`${name}@${version}`, ...dependsOn]),
      [['a@1.1.0', 'c@1.0.0'], ['b@2.0.0', 'a@1.1.0', 'c@2.0.0'], ['c@1.0.0', 'a@1.1.0'], ['c@2.0.0']],
    )
    assert.equal(dependencies[3]?.sha512, '07'.repeat(64))
    assert.equal(dependencies[0]?.sha512, undefined)
  })
})
