import { describeBytes } from '../../../src/oci/content/descriptor.ts'
import { canonicalJson, digestOf, type JsonValue } from '../../../src/domain/index.ts'
import type { Registry } from './start-registry.ts'

/** Puts a module into the repository plugins/filter, once for every media type of a layer; gives the reference. */
export function storePlugin(registry: Registry, wasm: Uint8Array, layers: readonly string[]): string {
  const { blobs, manifests } = registry.repository('plugins/filter')
  blobs.set(digestOf(wasm), Buffer.from(wasm))
  const bytes = Buffer.from(
    canonicalJson({
      schemaVersion: 2,
      config: describeBytes('application/vnd.oci.empty.v1+json', Buffer.from('{}')),
      layers: layers.map((mediaType) => describeBytes(mediaType, wasm)),
    } as unknown as JsonValue),
  )
  manifests.set(digestOf(bytes), { mediaType: 'application/vnd.oci.image.manifest.v1+json', bytes })
  return `${registry.address}/plugins/filter@${digestOf(bytes)}`
}
