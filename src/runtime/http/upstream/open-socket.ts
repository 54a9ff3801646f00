import { connect, isIP, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'

import { guardedLookup } from './address-guard.ts'

/** How the gateway shows itself to an upstream, and whom it believes. Texts are PEM. */
export interface UpstreamTls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly serverName?: string
}

/** Opens a socket that hands on what it reads. */
export type OpenSocket = (onData: (chunk: Buffer) => void) => {
  readonly socket: Socket
  /** What the socket emits once it can be written to. */
  readonly readyEvent: 'connect' | 'secureConnect'
  /** What was handed on is written over with what is read next. */
  readonly reusesInput: boolean
}

/** What is read from any upstream: each piece is handed on before the next is read. */
const readBuffer = Buffer.alloc(65_536)

/** Makes what opens sockets to an origin, `http:` or `https:`. */
export function socketOpener({
  origin,
  allowsPrivate,
  tls,
  handsOver = false,
}: {
  readonly origin: string
  readonly allowsPrivate: boolean
  readonly tls?: UpstreamTls | undefined
  /** Its sockets are to be given away as streams. */
  readonly handsOver?: boolean
}): OpenSocket {
  const url = new URL(origin)
  const isSecure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port)
  // Who writes an address, or `localhost`, into a description means it.
  const lookup = guardedLookup(allowsPrivate || host === 'localhost')
  const address = { host, port, lookup, noDelay: true, keepAlive: true, autoSelectFamily: true }
  if (isSecure) return secureOpener({ ...address, ...tlsOptions(host, tls) })
  if (handsOver) {
    return (onData) => {
      const socket = connect(address)
      socket.on('data', onData)
      return { socket, readyEvent: 'connect', reusesInput: false }
    }
  }
  return (onData) => {
    const onread: OnReadOpts = {
      buffer: readBuffer,
      callback: (sizeBytes) => {
        onData(readBuffer.subarray(0, sizeBytes))
        return true
      },
    }
    return { socket: connect({ ...address, onread }), readyEvent: 'connect', reusesInput: true }
  }
}

function secureOpener(options: ConnectionOptions): OpenSocket {
  return (onData) => {
    const socket = connectTls(options)
    socket.on('data', onData)
    return { socket, readyEvent: 'secureConnect', reusesInput: false }
  }
}

function tlsOptions(host: string, { ca, cert, key, serverName }: UpstreamTls = {}): ConnectionOptions {
  const servername = serverName ?? host
  return {
    ALPNProtocols: ['http/1.1'],
    ...(isIP(servername) === 0 && { servername }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  }
}
