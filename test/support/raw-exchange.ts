import { connect } from 'node:net'

/** Sends bytes, says that nothing follows, and resolves to all that comes back until the connection is closed. */
export function rawExchange(port: number, pieces: readonly Buffer[], endsInput = true): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    let answer = ''
    socket.on('connect', () => {
      for (const piece of pieces) socket.write(piece)
      if (endsInput) socket.end()
    })
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => (answer += chunk))
    socket.on('end', () => socket.end())
    // A reset says as much as a close here.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => resolve(answer))
  })
}

export interface RawResponse {
  readonly status: number
  readonly head: string
  readonly body: string
}

/** Takes apart answers that are framed by lengths or chunks, as a client that trusts nothing but the framing. */
export function splitResponses(text: string, methods: readonly string[]): readonly RawResponse[] {
  const responses: RawResponse[] = []
  let rest = text
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n')
    const head = rest.slice(0, end + 4)
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1])
    if (end === -1 || Number.isNaN(status))
      throw new Error(`no response: ${JSON.stringify(rest.slice(0, 200))}`)
    rest = rest.slice(end + 4)
    if (status === 100) continue
    const length = Number(/^content-length: (\d+)\r$/im.exec(head)?.[1] ?? 0)
    const isHead = methods[responses.length] === 'HEAD'
    const body = isHead
      ? ''
      : /^transfer-encoding: chunked\r$/im.test(head)
        ? chunksOf(rest)
        : rest.slice(0, length)
    rest = rest.slice(
      isHead ? 0 : /^transfer-encoding: chunked\r$/im.test(head) ? framedLength(rest) : length,
    )
    responses.push({ status, head, body })
  }
  return responses
}

function framedLength(text: string): number {
  const end = text.indexOf('0\r\n\r\n')
  return end === -1 ? text.length : end + 5
}

function chunksOf(text: string): string {
  let body = ''
  let rest = text
  for (;;) {
    const size = Number.parseInt(rest, 16)
    if (!(size > 0)) return body
    const start = rest.indexOf('\r\n') + 2
    body += rest.slice(start, start + size)
    rest = rest.slice(start + size + 2)
  }
}
