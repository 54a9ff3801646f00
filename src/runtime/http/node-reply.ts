import type { IncomingMessage, ServerResponse } from 'node:http'

import { firstHeader } from './header-list.ts'
import type { BodySink, RawHeaders, Reply } from './port.ts'

/** Answers through `node:http`; `closing` tells whether the connection must not be used again. */
export function toReply(message: IncomingMessage, response: ServerResponse, closing: () => boolean): Reply {
  const writeHead = (status: number, headers: readonly string[]) => {
    // A client that was not told to continue may send its next request where the body was announced.
    const uncertain = !message.complete && firstHeader(message.rawHeaders, 'expect') !== undefined
    const close = closing() || uncertain
    response.writeHead(status, close ? [...headers, 'connection', 'close'] : [...headers])
  }
  return {
    send: (status, headers, body) => {
      if (response.destroyed) return
      writeHead(status, isBodyless(status) ? headers : withLength(headers, body))
      response.end(isBodyless(status) ? null : body)
    },
    stream: (status, headers) => {
      if (!response.destroyed) writeHead(status, headers)
      return sinkOf(response)
    },
    onClose: (listener) => response.once('close', () => listener(response.writableFinished)),
  }
}

function withLength(headers: RawHeaders, body: Buffer | null): readonly string[] {
  return [...headers, 'content-length', String(body?.byteLength ?? 0)]
}

function isBodyless(status: number): boolean {
  return status === 204 || status === 304
}

function sinkOf(response: ServerResponse): BodySink {
  return {
    write: (chunk) => response.write(chunk),
    onDrain: (listener) => response.on('drain', listener),
    end: () => response.end(),
    destroy: () => response.destroy(),
  }
}
