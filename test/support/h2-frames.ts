import { constants } from 'node:http2'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** Frame types (RFC 9113 §6). */
export const FrameType = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const

export const Flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const

export interface Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.byteLength, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

export const settings = (...values: readonly (readonly [number, number])[]): Buffer => {
  const payload = Buffer.alloc(6 * values.length)
  for (const [index, [id, value]] of values.entries()) {
    payload.writeUInt16BE(id, 6 * index)
    payload.writeUInt32BE(value, 6 * index + 2)
  }
  return frame(FrameType.settings, 0, 0, payload)
}

export const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export type HeaderPairs = readonly (readonly [string, string])[]

/** A field block (RFC 7541 §6.2.2) of literals without indexing and without Huffman codes. */
export function block(pairs: HeaderPairs): Buffer {
  return Buffer.concat(pairs.flatMap(([name, value]) => [Buffer.of(0), literal(name), literal(value)]))
}

function literal(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1')
  if (bytes.byteLength < 127) return Buffer.concat([Buffer.of(bytes.byteLength), bytes])
  const rest: number[] = []
  let left = bytes.byteLength - 127
  for (; left >= 128; left = Math.floor(left / 128)) rest.push((left % 128) + 128)
  return Buffer.concat([Buffer.of(127, ...rest, left), bytes])
}

/** The pseudo fields of a request. */
export function pseudo(method = 'GET', path = '/a', authority = 'shop.test'): HeaderPairs {
  return [
    [':method', method],
    [':scheme', 'http'],
    [':authority', authority],
    [':path', path],
  ]
}

export function headers(
  stream: number,
  pairs: HeaderPairs,
  flags = Flag.endStream | Flag.endHeaders,
): Buffer {
  return frame(FrameType.headers, flags, stream, block(pairs))
}

/** A connection that sends bytes as they are, and keeps the frames that come back. */
export interface RawSession {
  readonly send: (...pieces: readonly Buffer[]) => void
  readonly frames: readonly Frame[]
  /** Resolves once a frame is there, or the connection has ended. */
  readonly until: (isWanted: (frame: Frame) => boolean) => Promise<void>
  readonly closed: Promise<void>
  readonly isOpen: () => boolean
  readonly pause: () => void
  readonly destroy: () => void
}

export function openRaw(port: number, usesTls = false): RawSession {
  const connection = connect({ port, host: '127.0.0.1', noDelay: true })
  const socket = usesTls
    ? connectTls({ socket: connection, ALPNProtocols: ['h2'], rejectUnauthorized: false })
    : connection
  const frames: Frame[] = []
  let isOpen = true
  let rest = Buffer.alloc(0)
  let waiting: (() => void)[] = []
  const tell = () => {
    for (const look of waiting) look()
  }
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.byteLength >= 9 && rest.byteLength >= 9 + rest.readUIntBE(0, 3)) {
      const length = rest.readUIntBE(0, 3)
      frames.push({
        type: rest[3] as number,
        flags: rest[4] as number,
        stream: rest.readUInt32BE(5),
        payload: rest.subarray(9, 9 + length),
      })
      rest = rest.subarray(9 + length)
    }
    tell()
  })
  // A reset says as much as a close here.
  socket.on('error', () => socket.destroy())
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      isOpen = false
      tell()
      resolve()
    })
  })
  return {
    send: (...pieces) => void socket.write(Buffer.concat(pieces)),
    frames,
    closed,
    isOpen: () => isOpen,
    pause: () => void socket.pause(),
    destroy: () => void socket.destroy(),
    until: (isWanted) =>
      new Promise((resolve) => {
        const look = () => {
          if (isOpen && !frames.some(isWanted)) return
          waiting = waiting.filter((one) => one !== look)
          resolve()
        }
        waiting.push(look)
        look()
      }),
  }
}

const ERRORS = new Map(
  Object.entries(constants)
    .filter(([name]) =>
      /^NGHTTP2_(?!ERR_)(?:[A-Z_]+_ERROR|NO_ERROR|SETTINGS_TIMEOUT|STREAM_CLOSED|REFUSED_STREAM|CANCEL|ENHANCE_YOUR_CALM)$/.test(
        name,
      ),
    )
    .filter(([, value]) => typeof value === 'number' && value >= 0)
    .map(([name, value]) => [value as number, name.replace('NGHTTP2_', '')]),
)

/** What a frame says, for a test to compare: `1 200`, `RST 1 CANCEL`, `GOAWAY NO_ERROR`; empty for all others. */
export function meaning({ type, stream, payload }: Frame): string {
  if (type === FrameType.rstStream) return `RST ${stream} ${ERRORS.get(payload.readUInt32BE(0))}`
  if (type === FrameType.goaway) return `GOAWAY ${ERRORS.get(payload.readUInt32BE(4))}`
  return type === FrameType.headers ? `${stream} ${statusOf(payload)}` : ''
}

const STATIC = ['200', '204', '206', '304', '400', '404', '500']
/** Codes of the digits from 3 on have six bits and begin at 011001, those below have five (RFC 7541 Appendix B). */
const FIRST_OF_SIX = 0b011001 - 3

/** The status is the first field of an answer: of the static table, or a literal with the name of entry 8. */
function statusOf(payload: Buffer): string {
  const at = [...payload].findIndex((byte) => byte >> 5 !== 1)
  const first = payload[at] as number
  if (first >= 0x88 && first <= 0x8e) return STATIC[first - 0x88] as string
  const length = payload[at + 1] as number
  const bytes = payload.subarray(at + 2, at + 2 + (length & 0x7f))
  if ((length & 0x80) === 0) return bytes.toString('latin1')
  let bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  let status = ''
  while (status.length < 3) {
    const five = Number.parseInt(bits.slice(0, 5), 2)
    const size = five < 3 ? 5 : 6
    status += size === 5 ? five : Number.parseInt(bits.slice(0, 6), 2) - FIRST_OF_SIX
    bits = bits.slice(size)
  }
  return status
}
