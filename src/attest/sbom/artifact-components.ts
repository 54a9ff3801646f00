import type { Artifact } from '../../artifact/index.ts'
import type { Input, InputKind, Manifest, PluginDescriptor } from '../../domain/index.ts'
import type { SbomComponent, SbomKit } from './kit.ts'
import { licensesOf } from './licenses-of.ts'
import { sbomProperty, type SbomRequest } from './sbom-request.ts'

type Properties = readonly (readonly [name: string, value: string | null | undefined])[]

/** The root of the SBOM: the artifact itself. */
export function artifactComponent(kit: SbomKit, { artifact, name }: SbomRequest): SbomComponent {
  const { Enums, Models } = kit.library
  const { manifest, digest } = artifact
  const { commit, source, dirty } = manifest.provenance
  return new Models.Component(Enums.ComponentType.Application, name, {
    bomRef: 'artifact',
    version: manifest.artifact_hash,
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], digest.slice('sha256:'.length)]]),
    purl: genericPurl(kit, { name, version: manifest.artifact_hash, sha256: digest.slice('sha256:'.length) }),
    properties: propertiesOf(kit, [
      ['artifact_hash', manifest.artifact_hash],
      ['commit', commit],
      ['source', source],
      ['dirty', dirty === null ? null : String(dirty)],
      ['routes_count', String(manifest.routes_count)],
    ]),
  })
}

/** One component for every input, in the order of the fingerprint. */
export function inputComponents(kit: SbomKit, { manifest }: Artifact): readonly SbomComponent[] {
  return manifest.inputs.map((input) => {
    const plugin = manifest.plugins.find(({ path }) => path === input.path)
    return plugin === undefined ? fileComponent(kit, input, manifest) : pluginComponent(kit, input, plugin)
  })
}

function fileComponent(kit: SbomKit, input: Input, manifest: Manifest): SbomComponent {
  const spec = manifest.source_specs.find(({ path }) => path === input.path)
  return component(kit, input, {
    name: input.path,
    ...(spec === undefined ? {} : { description: spec.title }),
    properties: spec === undefined ? [] : [['format', `${spec.type} ${spec.version}`]],
  })
}

function pluginComponent(kit: SbomKit, input: Input, plugin: PluginDescriptor): SbomComponent {
  const { name, version, sha256, license } = plugin
  return component(kit, input, {
    name,
    ...(version === null ? {} : { version }),
    purl: genericPurl(kit, { name, version, sha256 }),
    ...(license === null ? {} : { licenses: licensesOf(kit, license) }),
    properties: [
      ['plugin_type', plugin.type],
      ...plugin.capabilities.map((capability) => ['capability', capability] as const),
    ],
  })
}

interface Details {
  readonly name: string
  readonly version?: string
  readonly description?: string
  readonly purl?: string
  readonly licenses?: ReturnType<typeof licensesOf>
  readonly properties: Properties
}

function component(kit: SbomKit, input: Input, { name, properties, ...details }: Details): SbomComponent {
  const { Enums, Models } = kit.library
  const types: Readonly<Record<InputKind, (typeof Enums.ComponentType)[keyof typeof Enums.ComponentType]>> = {
    config: Enums.ComponentType.File,
    option: Enums.ComponentType.File,
    policy: Enums.ComponentType.File,
    plugin: Enums.ComponentType.Library,
    schema: Enums.ComponentType.Data,
    spec: Enums.ComponentType.Data,
  }
  return new Models.Component(types[input.kind], name, {
    bomRef: `${input.kind}:${input.path}`,
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], input.sha256]]),
    ...details,
    properties: propertiesOf(kit, [
      ['kind', input.kind],
      ['path', input.path],
      ['size', String(input.size)],
      ['git_blob', input.git_blob],
      ...properties,
    ]),
  })
}

function propertiesOf({ library: { Models } }: SbomKit, properties: Properties) {
  const given = properties.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [new Models.Property(sbomProperty(name), value)],
  )
  return new Models.PropertyRepository(given)
}

interface Named {
  readonly name: string
  readonly version: string | null
  readonly sha256: string
}

function genericPurl({ PackageURL }: SbomKit, { name, version, sha256 }: Named): string {
  return new PackageURL('generic', null, name, version, { checksum: `sha256:${sha256}` }, null).toString()
}
