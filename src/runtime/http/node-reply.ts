import type { IncomingMessage, ServerResponse } from 'node:http'

import type { BodySink, Reply, ResponseHead } from './port.ts'

/** Answers through `node:http`; `closing` tells whether the connection must not be used again. */
export function toReply(message: IncomingMessage, response: ServerResponse, closing: () => boolean): Reply {
  const writeHead = ({ status, lines }: ResponseHead, lengthBytes: number) => {
    // A client that was not told to continue may send its next request where the body was announced.
    const uncertain = !message.complete && message.headers.expect !== undefined
    const headers = pairsOf(lines)
    if (lengthBytes >= 0) headers.push('content-length', String(lengthBytes))
    if (closing() || uncertain) headers.push('connection', 'close')
    response.writeHead(status, headers)
  }
  return {
    send: (head, body) => {
      if (response.destroyed) return
      const isBodyless = head.status === 204 || head.status === 304
      writeHead(head, isBodyless ? -1 : (body?.byteLength ?? 0))
      response.end(isBodyless ? null : body)
    },
    stream: (head) => {
      if (!response.destroyed) writeHead(head, head.lengthBytes)
      return sinkOf(response)
    },
    onClose: (listener) => response.once('close', () => listener(response.writableFinished)),
  }
}

/** Names and values by turns of header lines. */
function pairsOf(lines: string): string[] {
  const pairs: string[] = []
  for (let start = 0; start < lines.length;) {
    const colon = lines.indexOf(': ', start)
    const end = lines.indexOf('\r\n', colon)
    pairs.push(lines.slice(start, colon), lines.slice(colon + 2, end))
    start = end + 2
  }
  return pairs
}

function sinkOf(response: ServerResponse): BodySink {
  return {
    write: (chunk) => response.write(chunk),
    onDrain: (listener) => response.on('drain', listener),
    end: () => response.end(),
    destroy: () => response.destroy(),
  }
}
