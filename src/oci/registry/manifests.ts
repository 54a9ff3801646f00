import { digestOf, isDigest } from '../../domain/index.ts'
import type { Descriptor } from '../content/descriptor.ts'
import type { StoredManifest } from '../content/image-graph.ts'
import { ociLimits } from '../content/limits.ts'
import { ociProblems as problems } from '../problems.ts'
import { discard, type HttpAnswer } from './http-exchange.ts'
import { formatReference } from './reference.ts'
import type { RegistrySession } from './registry-session.ts'
import { acceptedManifests } from './registry-source.ts'
import { retrying } from './retry.ts'

export interface FetchedManifest {
  readonly descriptor: Descriptor
  readonly bytes: Buffer
  readonly etag: string | undefined
}

/**
 * Fetches a manifest by tag or digest; its digest is computed from its bytes.
 *
 * @returns undefined where the registry has none.
 * @throws {ProblemError} BCN_OCI_DIGEST_MISMATCH where the bytes are not those asked for or announced.
 */
export async function fetchManifest(
  session: RegistrySession,
  name: string,
): Promise<FetchedManifest | undefined> {
  return retrying(session.host, async () => {
    const answer = await session.attempt({
      method: 'GET',
      to: `manifests/${name}`,
      headers: { accept: acceptedManifests },
      action: 'pull',
      expected: [200, 404],
    })
    if (answer.status === 404) {
      await discard(answer)
      return undefined
    }
    const bytes = await readBytes(answer)
    const digest = digestOf(bytes)
    for (const expected of [name, answer.headers.get('docker-content-digest')]) {
      if (isDigest(expected) && expected !== digest) {
        throw problems.BCN_OCI_DIGEST_MISMATCH({ expected, actual: digest })
      }
    }
    const mediaType = (answer.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? ''
    const etag = answer.headers.get('etag') ?? undefined
    return { descriptor: { mediaType, digest, size: bytes.byteLength }, bytes, etag }
  })
}

/**
 * Stores a manifest under a tag or its digest, then fetches it again and compares every byte.
 *
 * @returns whether the registry says that it lists the manifest among the referrers of its subject (`OCI-Subject`).
 * @throws {ProblemError} BCN_OCI_READ_BACK, BCN_OCI_DENIED, BCN_OCI_REGISTRY_ANSWER, BCN_OCI_UNREACHABLE
 */
export async function storeManifest(
  session: RegistrySession,
  { descriptor, bytes }: Pick<StoredManifest, 'descriptor' | 'bytes'>,
  name: string,
): Promise<{ readonly isSubjectListed: boolean }> {
  const answer = await session.request({
    method: 'PUT',
    to: `manifests/${name}`,
    headers: { 'content-type': descriptor.mediaType },
    body: { sizeBytes: bytes.byteLength, open: () => bytes },
    action: 'push',
    expected: [201],
  })
  const isSubjectListed = answer.headers.get('oci-subject') !== null
  await discard(answer)
  await compareStored(session, { descriptor, bytes }, name)
  return { isSubjectListed }
}

async function compareStored(
  session: RegistrySession,
  { descriptor, bytes }: Pick<StoredManifest, 'descriptor' | 'bytes'>,
  name: string,
): Promise<void> {
  const reference = formatReference(nameIn(session, name))
  const stored = await fetchManifest(session, name)
  if (stored === undefined) throw problems.BCN_OCI_READ_BACK({ reference, reason: 'it is not there' })
  if (!stored.bytes.equals(bytes)) {
    const reason = `it has the digest ${stored.descriptor.digest}, not ${descriptor.digest}`
    throw problems.BCN_OCI_READ_BACK({ reference, reason })
  }
}

/** The reference of a tag or digest in the repository of a session. */
export function nameIn({ reference }: RegistrySession, name: string) {
  const { registry, repository } = reference
  return isDigest(name) ? { registry, repository, digest: name } : { registry, repository, tag: name }
}

async function readBytes({ body, url }: HttpAnswer): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength
    if (sizeBytes > ociLimits.maxManifestBytes) {
      const what = `The manifest at ${url.origin}${url.pathname} has over ${ociLimits.maxManifestBytes} bytes`
      throw problems.BCN_OCI_TOO_LARGE({ what, limit: ociLimits.maxManifestBytes })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
