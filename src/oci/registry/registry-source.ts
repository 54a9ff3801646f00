import type { ContentSource } from '../content/blob.ts'
import type { Descriptor } from '../content/descriptor.ts'
import { mediaTypes } from '../content/media-types.ts'
import { ociProblems as problems } from '../problems.ts'
import { discard, type HttpAnswer } from './http-exchange.ts'
import { formatReference } from './reference.ts'
import type { RegistrySession, SessionRequest } from './registry-session.ts'
import { MAX_ATTEMPTS, retrying, TransientError } from './retry.ts'

/** The media types of manifests that are understood, for `Accept`. */
export const acceptedManifests = [
  mediaTypes.manifest,
  mediaTypes.index,
  mediaTypes.dockerManifest,
  mediaTypes.dockerList,
].join(', ')

/** Reads content from a registry by digest; a broken download goes on where it broke. */
export function registrySource(session: RegistrySession): ContentSource {
  const name = `${session.reference.registry}/${session.reference.repository}`
  return {
    name,
    open: (descriptor, kind) => {
      const headers: Record<string, string> = kind === 'manifest' ? { accept: acceptedManifests } : {}
      const to = kind === 'manifest' ? `manifests/${descriptor.digest}` : `blobs/${descriptor.digest}`
      return download(session, { method: 'GET', to, headers, action: 'pull', expected: [200] }, descriptor)
    },
  }
}

async function* download(
  session: RegistrySession,
  request: SessionRequest,
  { digest }: Descriptor,
): AsyncIterable<Uint8Array> {
  let received = 0
  for (let attempt = 1; ; attempt++) {
    const answer = await resume(session, request, received)
    if (answer.status === 404) {
      await discard(answer)
      throw problems.BCN_OCI_NOT_FOUND({
        reference: `content ${formatReference({ ...session.reference, digest })}`,
      })
    }
    try {
      let skip = answer.status === 206 ? 0 : received
      for await (const chunk of answer.body) {
        const fresh = chunk.subarray(Math.min(skip, chunk.byteLength))
        skip -= chunk.byteLength - fresh.byteLength
        received += fresh.byteLength
        if (fresh.byteLength > 0) yield fresh
      }
      return
    } catch (error) {
      if (!(error instanceof TransientError)) throw error
      if (attempt === MAX_ATTEMPTS) throw error.final
    }
  }
}

function resume(session: RegistrySession, request: SessionRequest, received: number): Promise<HttpAnswer> {
  const expected = received === 0 ? [200, 404] : [200, 206, 404]
  const range: Record<string, string> = received === 0 ? {} : { range: `bytes=${received}-` }
  return retrying(session.host, async () => {
    const answer = await session.attempt({ ...request, headers: { ...request.headers, ...range }, expected })
    const start = /^bytes (\d+)-/.exec(answer.headers.get('content-range') ?? '')?.[1]
    if (answer.status !== 206 || Number(start) === received) return answer
    await discard(answer)
    throw problems.BCN_OCI_REGISTRY_ANSWER({
      url: String(request.to),
      reason: 'another range than was asked for',
    })
  })
}
