import { createHash, generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import {
  fulcioHandler,
  initializeCA,
  initializeCTLog,
  initializeTLog,
  initializeTSA,
  rekorHandler,
  tsaHandler,
} from '@sigstore/mock'

export interface SigstoreServices {
  /** Fulcio, Rekor, the time stamping authority and GitHub's token endpoint (`/token`), all at one address. */
  readonly url: string
  readonly trustedRoot: object
  /** The paths that were asked for. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

/** The claims of a GitHub Actions token for a commit. */
export function githubClaims(commit: string): Record<string, string> {
  return {
    iss: 'https://token.actions.githubusercontent.com',
    sub: 'https://github.com/acme/gateway/.github/workflows/release.yml@refs/heads/main',
    repository: 'acme/gateway',
    sha: commit,
    ref: 'refs/heads/main',
    event_name: 'push',
    workflow: 'release',
  }
}

/** A JWT as far as signing needs one: the services here only decode it. */
export function unsignedToken(claims: Record<string, unknown>): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.${Buffer.from('none').toString('base64url')}`
}

/** Starts a whole private Sigstore instance on 127.0.0.1: real HTTP in front of the handlers of @sigstore/mock. */
export async function startSigstore(
  options: { claims?: Record<string, string>; tokenStatus?: number } = {},
): Promise<SigstoreServices> {
  const requests: string[] = []
  const routes = new Map<string, (body: string) => Promise<Reply>>()
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    requests.push(path)
    void answer(request, path).then((reply) => {
      response.writeHead(reply.statusCode, { 'content-type': reply.contentType ?? 'text/plain' })
      return response.end(reply.response)
    })
  })
  const answer = async (request: IncomingMessage, path: string) => {
    return (routes.get(path) ?? notFound)(await text(request))
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ctLog = await initializeCTLog(pair())
  const ca = await initializeCA(pair(), ctLog)
  // The mock writes fractions of a second as no time stamping authority does, so it is given whole seconds.
  const clock = new Date()
  const tsa = await initializeTSA(pair(), clock)
  const stamp = tsaHandler(tsa)
  const log = await initializeTLog(url, pair())
  const rekor = rekorHandler(log)
  const fulcio = fulcioHandler(ca)
  routes.set(fulcio.path, fulcio.fn)
  routes.set(stamp.path, (body) => {
    clock.setTime(Math.floor(Date.now() / 1000) * 1000)
    return stamp.fn(body)
  })
  routes.set(rekor.path, (body) => rekor.fn(JSON.stringify(canonicalEntry(JSON.parse(body)))))
  routes.set('/token', async () => {
    const isGranted = options.tokenStatus === undefined
    const value = isGranted ? { value: unsignedToken(options.claims ?? githubClaims('a'.repeat(40))) } : {}
    return {
      statusCode: options.tokenStatus ?? 200,
      response: JSON.stringify(value),
      contentType: 'application/json',
    }
  })

  const validFor = { start: new Date(Date.now() - 3_600_000).toISOString() }
  const logEntry = (publicKey: Buffer) => ({
    baseUrl: url,
    hashAlgorithm: 'SHA2_256',
    logId: { keyId: createHash('sha256').update(publicKey).digest('base64') },
    publicKey: {
      rawBytes: publicKey.toString('base64'),
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      validFor,
    },
  })
  const authority = (...certificates: ArrayBufferView[]) => ({
    subject: { organization: 'test', commonName: 'test' },
    uri: url,
    certChain: {
      certificates: certificates.map((der) => ({
        rawBytes: Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString('base64'),
      })),
    },
    validFor,
  })
  return {
    url,
    requests,
    trustedRoot: {
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [logEntry(log.publicKey)],
      ctlogs: [logEntry(ctLog.publicKey)],
      certificateAuthorities: [authority(ca.rootCertificate)],
      timestampAuthorities: [authority(tsa.intCertificate, tsa.rootCertificate)],
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

interface Reply {
  readonly statusCode: number
  readonly response: string | ArrayBufferView
  readonly contentType?: string
}

async function notFound(): Promise<Reply> {
  return { statusCode: 404, response: 'not found' }
}

interface ProposedEntry {
  readonly kind: string
  readonly spec: { readonly proposedContent?: { readonly envelope: string; readonly verifiers: string[] } }
}

// The mock logs a proposal as it came; a real Rekor logs the canonical form of a `dsse` entry.
function canonicalEntry(proposal: ProposedEntry): object {
  const content = proposal.spec.proposedContent
  if (proposal.kind !== 'dsse' || content === undefined) return proposal
  const envelope = JSON.parse(content.envelope) as { payload: string; signatures: { sig: string }[] }
  const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')
  return {
    apiVersion: '0.0.1',
    kind: 'dsse',
    spec: {
      envelopeHash: { algorithm: 'sha256', value: sha256(content.envelope) },
      payloadHash: { algorithm: 'sha256', value: sha256(Buffer.from(envelope.payload, 'base64')) },
      signatures: envelope.signatures.map(({ sig }, index) => ({
        signature: sig,
        verifier: content.verifiers[index],
      })),
    },
  }
}
