import type { ContentSource } from '../../src/oci/content/blob.ts'
import type { ImageGraph } from '../../src/oci/content/image-graph.ts'
import { collect } from '../../src/oci/content/blob.ts'
import { ociProblems } from '../../src/oci/index.ts'

/** Content by digest, held in memory; a test may put other bytes under a digest. */
export function memorySource(content: ReadonlyMap<string, Uint8Array>): ContentSource {
  return {
    name: 'memory',
    open: async function* ({ digest }) {
      const bytes = content.get(digest)
      if (bytes === undefined) throw ociProblems.BCN_OCI_BLOB_MISSING({ digest, name: 'memory' })
      yield bytes
    },
  }
}

/** Everything an image consists of, by digest. */
export async function contentOf({ image, referrers }: ImageGraph): Promise<Map<string, Buffer>> {
  const content = new Map<string, Buffer>()
  for (const { descriptor, bytes, blobs } of [image, ...referrers]) {
    content.set(descriptor.digest, Buffer.from(bytes))
    for (const blob of blobs) content.set(blob.descriptor.digest, await collect(blob.read()))
  }
  return content
}
