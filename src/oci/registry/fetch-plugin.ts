import { digestOf, type Digest } from '../../domain/index.ts'
import { readVerified } from '../content/blob.ts'
import type { Descriptor } from '../content/descriptor.ts'
import { parseManifest } from '../content/image-manifest.ts'
import { ociLimits } from '../content/limits.ts'
import { mediaTypes } from '../content/media-types.ts'
import { ociProblems as problems } from '../problems.ts'
import { imageCache } from './image-cache.ts'
import { resolveReference } from './pull-image.ts'
import { parseReference } from './reference.ts'
import type { RegistryHost, RegistryOptions } from './registry-host.ts'
import { openSession } from './registry-session.ts'
import { registrySource } from './registry-source.ts'

/** What tools call a layer that is a WebAssembly module. */
const moduleTypes: readonly string[] = [
  'application/wasm',
  'application/vnd.wasm.content.layer.v1+wasm',
  'application/vnd.module.wasm.content.layer.v1+wasm',
]

const FILE = 'plugin.wasm'

export interface FetchedPlugin {
  readonly bytes: Buffer
  /** SHA-256 of the module. */
  readonly digest: Digest
}

export interface FetchPluginOptions extends RegistryOptions {
  /** Asks no registry: what is not in the cache is a problem. */
  readonly offline?: boolean
}

/**
 * Fetches a WebAssembly plugin that a reference pins by digest: an OCI artifact of one layer that is the module. It
 * is cached and verified as artifacts are.
 *
 * @throws {ProblemError} BCN_OCI_REFERENCE_UNPINNED, BCN_OCI_NOT_CACHED, BCN_OCI_NO_PLUGIN, BCN_OCI_…
 */
export async function fetchPlugin(
  text: string,
  host: RegistryHost,
  options: FetchPluginOptions = {},
): Promise<FetchedPlugin> {
  const reference = parseReference(text)
  if (reference.digest === undefined) throw problems.BCN_OCI_REFERENCE_UNPINNED({ reference: text })
  const cache = imageCache('plugins', reference.digest, host)
  const cachedManifest = await cache.readManifest()
  if (cachedManifest !== undefined) {
    const size = cachedManifest.byteLength
    const root = { mediaType: mediaTypes.manifest, digest: reference.digest, size }
    const bytes = await cache.read(FILE)
    const { digest } = moduleLayer(cachedManifest, root, text)
    if (bytes !== undefined && digestOf(bytes) === digest) return { bytes, digest }
  }
  if (options.offline === true) throw problems.BCN_OCI_NOT_CACHED({ reference: text })
  const session = openSession(reference, host, options)
  const root = await resolveReference(session, reference)
  const layer = moduleLayer(root.bytes, root.descriptor, text)
  const limit = { kind: 'blob', maxBytes: ociLimits.maxPluginBytes } as const
  const bytes = await readVerified(registrySource(session), layer, limit)
  await cache.write(new Map([[FILE, bytes]]), root.bytes)
  return { bytes, digest: layer.digest }
}

function moduleLayer(bytes: Buffer, root: Descriptor, reference: string): Descriptor {
  const [layer, ...others] = parseManifest(bytes, root).layers
  if (layer !== undefined && others.length === 0 && moduleTypes.includes(layer.mediaType)) return layer
  const reason =
    layer === undefined ? 'it has no layer' : `its layers are ${layer.mediaType}${others.length ? ', …' : ''}`
  throw problems.BCN_OCI_NO_PLUGIN({ reference, reason })
}
