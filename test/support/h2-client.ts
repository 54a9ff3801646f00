import {
  connect,
  type ClientHttp2Session,
  type ClientSessionOptions,
  type SecureClientSessionOptions,
} from 'node:http2'

export interface H2Answer {
  readonly status: number
  /** Names and values in the order they came. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer
  readonly trailers: Readonly<Record<string, unknown>>
}

export interface H2Request {
  readonly method?: string
  readonly path: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly body?: Buffer | undefined
}

/** A session of node:http2 to a port of this machine; errors of the session are those of its requests. */
export function openH2(
  port: number,
  options: ClientSessionOptions & SecureClientSessionOptions & { readonly scheme?: 'http' | 'https' } = {},
): ClientHttp2Session {
  const { scheme = 'http', ...rest } = options
  const session = connect(`${scheme}://127.0.0.1:${port}`, {
    rejectUnauthorized: false,
    // Node counts bodies that a server has not wanted for the life of the session.
    maxSessionMemory: 1_000,
    ...rest,
  })
  session.on('error', () => session.destroy())
  return session
}

/** Sends a request and resolves to its whole answer. */
export function askH2(session: ClientHttp2Session, request: H2Request): Promise<H2Answer> {
  const { method = 'GET', path, headers = [], body } = request
  return new Promise((resolve, reject) => {
    const pairs = [
      [':method', method],
      [':path', path],
      [':scheme', session.encrypted ? 'https' : 'http'],
      [':authority', 'shop.test'],
      ...headers,
    ].flat()
    const stream = session.request(pairs, { endStream: body === undefined })
    const chunks: Buffer[] = []
    let status = 0
    let received: [string, string][] = []
    let trailers = {}
    stream.on('response', (_, __, raw) => {
      const list = raw as readonly string[]
      received = list.flatMap((name, index) =>
        index % 2 === 0 ? [[name, list[index + 1] as string] as [string, string]] : [],
      )
      status = Number(received.find(([name]) => name === ':status')?.[1])
    })
    stream.on('trailers', (fields: object) => (trailers = fields))
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => resolve({ status, headers: received, body: Buffer.concat(chunks), trailers }))
    stream.on('error', reject)
    if (body !== undefined) stream.end(body)
  })
}
