import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { digestOf } from '../../../src/domain/index.ts'
import { isAllowed, refuse, token } from './authenticate.ts'
import { defaultSwitches, type RegistrySwitches, type Seen } from './switches.ts'

interface Manifest {
  readonly mediaType: string
  readonly bytes: Buffer
}

interface Repository {
  readonly blobs: Map<string, Buffer>
  readonly manifests: Map<string, Manifest>
}

export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly address: string
  readonly switches: RegistrySwitches
  readonly requests: Seen[]
  readonly repository: (name: string) => Repository
}

/** An OCI distribution registry in memory, on an ephemeral port of 127.0.0.1, with switches for its odd ways. */
export async function startRegistry(changes: Partial<RegistrySwitches> = {}): Promise<Registry> {
  const switches = { ...defaultSwitches(), ...changes }
  const repositories = new Map<string, Repository>()
  const uploads = new Map<string, Buffer>()
  const requests: Seen[] = []
  const repository = (name: string): Repository => {
    const found = repositories.get(name) ?? { blobs: new Map(), manifests: new Map() }
    repositories.set(name, found)
    return found
  }

  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => {
      // A test that drops connections breaks bodies too.
      if (!request.destroyed) throw error
    })
  })

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = Buffer.concat((await request.toArray()) as Buffer[])
    const { method = '', url = '', headers } = request
    const seen = { method, url, headers, bodyBytes: body.byteLength }
    requests.push(seen)
    const fault = switches.faults.find(({ when }) => when(seen))
    if (fault !== undefined) {
      const left = (fault.times ?? 1) - 1
      switches.faults = switches.faults.flatMap((other) =>
        other !== fault ? [other] : left > 0 ? [{ ...fault, times: left }] : [],
      )
      if (fault.drop === 'before') return void request.socket.destroy()
      if (fault.hang === 'before') return
      if (fault.status !== undefined) return void response.writeHead(fault.status, fault.headers).end()
    }
    const parsed = new URL(url, `http://${headers.host}`)
    if (parsed.pathname === '/token')
      return token(switches.auth, { method, url: parsed, headers, body }, response)
    if (!isAllowed(switches.auth, seen)) return refuse(switches.auth, seen, response)
    if (fault?.loseAnswer === true || fault?.drop === 'middle' || fault?.hang === 'middle') {
      const end = response.end.bind(response)
      response.end = ((...parameters: unknown[]) => {
        response.end = end
        const last = parameters[0]
        const isHalf = fault.loseAnswer !== true && Buffer.isBuffer(last)
        const half = isHalf ? last.subarray(0, Math.ceil(last.byteLength / 2)) : Buffer.alloc(0)
        if (fault.hang === 'middle') response.write(half)
        else if (isHalf) response.write(half, () => request.socket.destroy())
        else request.socket.destroy()
        return response
      }) as typeof response.end
    }
    route(parsed, seen, body, response)
  }

  const route = (url: URL, seen: Seen, body: Buffer, response: ServerResponse): void => {
    const match = /^\/v2\/(.+?)\/(blobs\/uploads|blobs|manifests|referrers)\/(.*)$/.exec(url.pathname)
    if (match === null) return void response.writeHead(url.pathname === '/v2/' ? 200 : 404).end()
    const [, name = '', kind, rest = ''] = match
    const store = repository(name)
    if (kind === 'manifests') return manifests(store, rest, { seen, body }, response)
    if (kind === 'referrers') return referrers(store, rest, response)
    if (kind === 'blobs') return blobs(store, rest, seen, response)
    return upload(name, url, { seen, body, id: rest }, response)
  }

  const manifests = (
    store: Repository,
    name: string,
    { seen, body }: { seen: Seen; body: Buffer },
    response: ServerResponse,
  ): void => {
    if (seen.method === 'PUT') {
      const current = store.manifests.get(name)
      const ifMatch = seen.headers['if-match']
      if (
        switches.etags &&
        ifMatch !== undefined &&
        current !== undefined &&
        ifMatch !== etag(current.bytes)
      ) {
        return void response.writeHead(412).end()
      }
      const manifest = { mediaType: String(seen.headers['content-type']), bytes: body }
      store.manifests.set(name, manifest)
      store.manifests.set(digestOf(body), manifest)
      switches.onManifest?.(name)
      const subject = (JSON.parse(body.toString()) as { subject?: { digest: string } }).subject?.digest
      const listed = subject !== undefined && switches.ociSubject && switches.referrersApi
      return void response
        .writeHead(201, {
          location: `/v2/x/manifests/${name}`,
          'docker-content-digest': digestOf(body),
          ...(listed ? { 'oci-subject': subject } : {}),
        })
        .end()
    }
    const found = store.manifests.get(name)
    if (found === undefined) return void response.writeHead(404).end()
    const bytes = switches.altered.get(name) ?? found.bytes
    response
      .writeHead(200, {
        'content-type': found.mediaType,
        'content-length': bytes.byteLength,
        'docker-content-digest': digestOf(found.bytes),
        ...(switches.etags ? { etag: etag(found.bytes) } : {}),
      })
      .end(seen.method === 'HEAD' ? undefined : bytes)
  }

  const referrers = (store: Repository, subject: string, response: ServerResponse): void => {
    if (!switches.referrersApi) return void response.writeHead(404).end()
    const unique = new Map(
      [...store.manifests.values()].map((manifest) => [digestOf(manifest.bytes), manifest]),
    )
    const listed = [...unique].flatMap(([digest, { bytes, mediaType }]) => {
      const manifest = JSON.parse(bytes.toString()) as {
        subject?: { digest: string }
        config?: { mediaType: string }
      }
      if (manifest.subject?.digest !== subject) return []
      // As GHCR and others do: the listing's artifactType is the configuration's media type.
      return [{ mediaType, digest, size: bytes.byteLength, artifactType: manifest.config?.mediaType }]
    })
    const index = {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: listed,
    }
    response.writeHead(200, { 'content-type': index.mediaType }).end(JSON.stringify(index))
  }

  const blobs = (store: Repository, digest: string, seen: Seen, response: ServerResponse): void => {
    const found = switches.altered.get(digest) ?? store.blobs.get(digest)
    if (found === undefined) return void response.writeHead(404).end()
    if (switches.redirectBlobs !== undefined && seen.method === 'GET') {
      const location = `${switches.redirectBlobs}${seen.url}`
      return void response.writeHead(307, { location }).end()
    }
    const start = /^bytes=(\d+)-$/.exec(String(seen.headers['range']))?.[1]
    if (start !== undefined) {
      const rest = found.subarray(Number(start))
      const range = `bytes ${start}-${found.byteLength - 1}/${found.byteLength}`
      return void response
        .writeHead(206, { 'content-range': range, 'content-length': rest.byteLength })
        .end(rest)
    }
    response
      .writeHead(200, { 'content-length': found.byteLength, 'docker-content-digest': digest })
      .end(seen.method === 'HEAD' ? undefined : found)
  }

  const upload = (
    name: string,
    url: URL,
    { seen, body, id }: { seen: Seen; body: Buffer; id: string },
    response: ServerResponse,
  ): void => {
    const store = repository(name)
    const locationOf = (upload: string): string => {
      const path = `/v2/${name}/blobs/uploads/${upload}?state=opaque`
      return switches.location === 'relative' ? path : `http://${address}${path}`
    }
    if (seen.method === 'POST') {
      const from = url.searchParams.get('from')
      const digest = url.searchParams.get('mount') ?? ''
      const mounted = from === null || !switches.mounting ? undefined : repository(from).blobs.get(digest)
      if (mounted !== undefined) {
        store.blobs.set(digest, mounted)
        return void response.writeHead(201, { location: `/v2/${name}/blobs/${digest}` }).end()
      }
      const upload = randomUUID()
      uploads.set(upload, Buffer.alloc(0))
      const { minChunkBytes } = switches
      const headers = minChunkBytes === undefined ? {} : { 'oci-chunk-min-length': String(minChunkBytes) }
      return void response.writeHead(202, { location: locationOf(upload), ...headers }).end()
    }
    const current = uploads.get(id)
    if (current === undefined) return void response.writeHead(404).end()
    const range = `0-${current.byteLength - 1}`
    if (seen.method === 'GET') return void response.writeHead(204, { location: locationOf(id), range }).end()
    if (body.byteLength > switches.maxUploadBytes) return void response.writeHead(413).end()
    const whole = Buffer.concat([current, body])
    if (seen.method === 'PATCH') {
      const start = Number(String(seen.headers['content-range']).split('-')[0])
      if (start !== current.byteLength)
        return void response.writeHead(416, { location: locationOf(id), range }).end()
      uploads.set(id, whole)
      const headers = { location: locationOf(id), range: `0-${whole.byteLength - 1}` }
      return void response.writeHead(202, headers).end()
    }
    const digest = url.searchParams.get('digest') ?? ''
    uploads.delete(id)
    if (url.searchParams.get('state') !== 'opaque' || digestOf(whole) !== digest) {
      return void response.writeHead(400).end()
    }
    store.blobs.set(digest, whole)
    response
      .writeHead(201, { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest })
      .end()
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    address,
    switches,
    requests,
    repository,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function etag(bytes: Buffer): string {
  return `"${digestOf(bytes)}"`
}
