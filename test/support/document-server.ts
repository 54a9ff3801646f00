import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ServedDocument {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** A server of documents on loopback. */
export interface DocumentServer extends AsyncDisposable {
  /** `https://localhost:PORT`, or `http://…`. */
  readonly origin: string
  /** `localhost:PORT` */
  readonly host: string
  /** What it answers, by path; anything else is 404. */
  readonly documents: Map<string, ServedDocument>
  /** The paths that were asked for, in order. */
  readonly requests: string[]
  /** The file of the certificate that its clients have to trust. */
  readonly certificatePath: string | undefined
}

export async function startDocumentServer(scheme: 'http' | 'https'): Promise<DocumentServer> {
  const documents = new Map<string, ServedDocument>()
  const requests: string[] = []
  const answer: RequestListener = (request, response) => {
    requests.push(request.url ?? '')
    const { status = 200, headers = {}, body = '' } = documents.get(request.url ?? '') ?? { status: 404 }
    response.writeHead(status, headers).end(body)
  }
  const folder = await mkdtemp(join(tmpdir(), 'barbacane-tls-'))
  const certificatePath = scheme === 'https' ? await makeCertificate(folder) : undefined
  const server =
    certificatePath === undefined
      ? createHttpServer(answer)
      : createHttpsServer(
          { cert: await readFile(certificatePath), key: await readFile(join(folder, 'key.pem')) },
          answer,
        )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const host = `localhost:${(server.address() as AddressInfo).port}`
  const dispose = async (): Promise<void> => {
    await close(server)
    await rm(folder, { recursive: true })
  }
  const origin = `${scheme}://${host}`
  return { origin, host, documents, requests, certificatePath, [Symbol.asyncDispose]: dispose }
}

async function makeCertificate(folder: string): Promise<string> {
  const path = join(folder, 'certificate.pem')
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const files = ['-keyout', join(folder, 'key.pem'), '-out', path]
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, ...subject, ...files], { stdio: 'ignore' })
  return path
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
