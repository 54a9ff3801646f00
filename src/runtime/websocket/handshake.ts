import { createHash } from 'node:crypto'

import type { Fields } from '../http/index.ts'

/** What an answer proves with that it was made for this request (RFC 6455 §1.3). */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
/** 16 bytes in base64. */
const KEY = /^[A-Za-z0-9+/]{22}==$/
const VERSION = '13'

/** What is wrong with the opening handshake of a client (RFC 6455 §4.2.1). */
export type HandshakeFault = 'version' | 'key'

export function handshakeFault(headers: Fields): HandshakeFault | undefined {
  if (only(headers, 'sec-websocket-version') !== VERSION) return 'version'
  return KEY.test(only(headers, 'sec-websocket-key') ?? '') ? undefined : 'key'
}

/** True where an answer accepts what was asked for with this key. */
export function isAccepted(headers: Fields, key: string): boolean {
  const proof = createHash('sha1')
    .update(key + GUID)
    .digest('base64')
  return (
    headers.get('upgrade')?.toLowerCase() === 'websocket' && only(headers, 'sec-websocket-accept') === proof
  )
}

function only(headers: Fields, name: string): string | undefined {
  const values = headers.values(name)
  return values.length === 1 ? values[0] : undefined
}
