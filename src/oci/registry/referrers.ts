import { canonicalJson, type Digest, type JsonValue } from '../../domain/index.ts'
import type { Descriptor } from '../content/descriptor.ts'
import { parseIndex } from '../content/image-manifest.ts'
import { ociLimits } from '../content/limits.ts'
import { mediaTypes } from '../content/media-types.ts'
import { ociProblems as problems } from '../problems.ts'
import { discard, readText } from './http-exchange.ts'
import { fetchManifest } from './manifests.ts'
import type { RegistrySession } from './registry-session.ts'

const MAX_UPDATES = 8

/**
 * Lists what refers to a manifest, from the referrers API and from the fallback tag (OCI distribution specification
 * v1.1, "Listing Referrers"), since registries and older clients disagree on which one is filled. Only digests and
 * sizes of the answer mean anything: read every manifest.
 *
 * @throws {ProblemError} BCN_OCI_TOO_LARGE, BCN_OCI_MANIFEST_MALFORMED, and what talking to the registry throws.
 */
export async function listReferrers(
  session: RegistrySession,
  subject: Digest,
): Promise<readonly Descriptor[]> {
  const fallback = await fetchFallback(session, subject)
  const all = [...(await listByApi(session, subject)), ...fallback.manifests]
  const unique = new Map(all.map((descriptor) => [descriptor.digest, descriptor]))
  if (unique.size > ociLimits.maxReferrers) {
    const what = `${subject} has ${unique.size} attachments`
    throw problems.BCN_OCI_TOO_LARGE({ what, limit: ociLimits.maxReferrers })
  }
  return [...unique.values()]
}

/**
 * Adds a manifest to the fallback tag of its subject: read, add, write, read again; where another writer was faster,
 * once more.
 *
 * @throws {ProblemError} BCN_OCI_ATTACHMENT_LOST after eight times.
 */
export async function listInFallback(
  session: RegistrySession,
  subject: Digest,
  added: Descriptor,
): Promise<void> {
  const { host } = session
  const tag = fallbackTag(subject)
  for (let update = 1; update <= MAX_UPDATES; update++) {
    const current = await fetchFallback(session, subject)
    if (current.manifests.some(({ digest }) => digest === added.digest)) return
    const bytes = encodeIndex([...current.manifests, added])
    const answer = await session.request({
      method: 'PUT',
      to: `manifests/${tag}`,
      headers: { 'content-type': mediaTypes.index, ...(current.etag && { 'if-match': current.etag }) },
      body: { sizeBytes: bytes.byteLength, open: () => bytes },
      action: 'push',
      expected: [201, 412],
    })
    await discard(answer)
    const stored = await fetchFallback(session, subject)
    if (stored.manifests.some(({ digest }) => digest === added.digest)) return
    await host.wait(50 * update * (1 + host.random()), host.signal)
  }
  throw problems.BCN_OCI_ATTACHMENT_LOST({ tag, attempts: MAX_UPDATES })
}

/** The tag that lists the referrers of a manifest where a registry has no API for it. */
function fallbackTag(subject: Digest): string {
  return subject.replace(':', '-')
}

async function fetchFallback(session: RegistrySession, subject: Digest) {
  const found = await fetchManifest(session, fallbackTag(subject))
  if (found === undefined) return { manifests: [], etag: undefined }
  const { manifests } = parseIndex(found.bytes, found.descriptor.digest)
  return { manifests, etag: found.etag }
}

async function listByApi(session: RegistrySession, subject: Digest): Promise<readonly Descriptor[]> {
  const found: Descriptor[] = []
  let next: URL | string | undefined = `referrers/${subject}`
  for (let page = 0; next !== undefined && page < 100 && found.length <= ociLimits.maxReferrers; page++) {
    const answer = await session.request({
      method: 'GET',
      to: next,
      headers: { accept: mediaTypes.index },
      action: 'pull',
      // Registries without the API answer in many ways that all mean that they have none.
      expected: [200, 400, 403, 404, 405, 501],
    })
    if (answer.status !== 200) {
      await discard(answer)
      return found
    }
    const text = await readText(answer, ociLimits.maxManifestBytes)
    found.push(...parseIndex(Buffer.from(text), subject).manifests)
    next = nextPage(answer.headers.get('link'), answer.url)
  }
  return found
}

/** The next page of a listing (RFC 8288), on the same registry only. */
function nextPage(link: string | null, current: URL): URL | undefined {
  const target = /^<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1]
  if (target === undefined || !URL.canParse(target, current.href)) return undefined
  const url = new URL(target, current)
  return url.origin === current.origin ? url : undefined
}

function encodeIndex(manifests: readonly Descriptor[]): Buffer {
  const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests }
  const bytes = Buffer.from(canonicalJson(index as unknown as JsonValue))
  const size = bytes.byteLength
  if (size > ociLimits.maxManifestBytes) {
    throw problems.BCN_OCI_TOO_LARGE({
      what: `The list of attachments has ${size} bytes`,
      limit: ociLimits.maxManifestBytes,
    })
  }
  return bytes
}
