import { createHash } from 'node:crypto'

import type { Digest } from '../../domain/index.ts'
import { artifactComponent, inputComponents } from './artifact-components.ts'
import { compilerComponents } from './compiler-components.ts'
import type { SbomDocument, SbomKit } from './kit.ts'
import type { SbomRequest, SbomVersion } from './sbom-request.ts'
import { validateSbom } from './validate-sbom.ts'

/**
 * The bill of materials of an artifact: CycloneDX JSON with the artifact as root, every input and every package of the
 * compiler as components, and what depends on what. The bytes follow from the request alone; they are validated
 * against the schema of the format before they are returned.
 *
 * @throws {ProblemError} BCN_SBOM_INVALID
 */
export async function createSbom(request: SbomRequest): Promise<Buffer> {
  const [library, { PackageURL }] = await Promise.all([
    import('@cyclonedx/cyclonedx-library'),
    import('packageurl-js'),
  ])
  const { artifact, specVersion } = request
  const kit = { library, PackageURL }
  const inputs = inputComponents(kit, artifact)
  const compiler = compilerComponents(kit, request.packages)
  const root = artifactComponent(kit, request)
  for (const component of [...inputs, compiler.compiler]) root.dependencies.add(component.bomRef)
  const bom = new library.Models.Bom({
    serialNumber: serialNumber(artifact.digest, specVersion),
    components: new library.Models.ComponentRepository([...inputs, compiler.compiler, ...compiler.packages]),
    metadata: new library.Models.Metadata({
      timestamp: new Date(artifact.manifest.build_timestamp),
      lifecycles: new library.Models.LifecycleRepository([library.Enums.LifecyclePhase.Build]),
      tools: new library.Models.Tools({
        components: new library.Models.ComponentRepository([compiler.tool]),
      }),
      component: root,
    }),
  })
  const text = serialise(library, bom, specVersion)
  await validateSbom(library, text, specVersion)
  return Buffer.from(text)
}

function serialise({ Serialize, Spec }: SbomKit['library'], bom: SbomDocument, version: SbomVersion): string {
  const spec = version === '1.6' ? Spec.Spec1dot6 : Spec.Spec1dot7
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(spec))
  // The library sorts by locale, which gives another order on another machine; ours is the order of insertion.
  return `${serializer.serialize(bom, { sortLists: false, space: 2 })}\n`
}

// A UUID of version 8 (RFC 9562 §5.8): custom, here from the artifact, so that the same artifact has the same.
function serialNumber(digest: Digest, version: SbomVersion): string {
  const bytes = createHash('sha256')
    .update(`barbacane.sbom.v1\n${version}\n${digest}`)
    .digest()
    .subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)]
  return `urn:uuid:${groups.join('-')}`
}
