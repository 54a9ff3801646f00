import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'

import { sharedInput } from '../shared-input.ts'
import { guardedLookup } from './address-guard.ts'

/** How the gateway shows itself to an upstream, and whom it believes. Texts are PEM. */
export interface UpstreamTls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly serverName?: string
}

/** Opens a socket that hands on what it reads, which may be written over by the next read. */
export type OpenSocket = (onData: (chunk: Buffer) => void) => {
  readonly socket: Socket
  /** What the socket emits once it can be written to. */
  readonly readyEvent: 'connect' | 'secureConnect'
}

export interface SocketOptions {
  /** `https://host:port`, as `URL.origin` writes it. */
  readonly origin: string
  readonly allowsPrivate: boolean
  readonly tls?: UpstreamTls | undefined
}

/** Connects; who asks for it reads the socket. */
export type ConnectSocket = () => {
  readonly socket: Socket
  readonly readyEvent: 'connect' | 'secureConnect'
}

/**
 * Makes what connects to an origin, `http:` or `https:`.
 *
 * @param protocol what is asked for by ALPN
 */
export function socketConnector(options: SocketOptions, protocol: 'http/1.1' | 'h2'): ConnectSocket {
  const address = addressOf(options)
  if (!isSecure(options.origin)) return () => ({ socket: connect(address), readyEvent: 'connect' })
  const secured = { ...address, ...tlsOptions(address.host, options.tls), ALPNProtocols: [protocol] }
  return () => ({ socket: connectTls(secured), readyEvent: 'secureConnect' })
}

/** Makes what opens sockets to an origin. */
export function socketOpener({
  handsOver = false,
  ...options
}: SocketOptions & {
  /** Its sockets are to be given away as streams. */
  readonly handsOver?: boolean
}): OpenSocket {
  if (isSecure(options.origin) || handsOver) {
    const open = socketConnector(options, 'http/1.1')
    return (onData) => {
      const opened = open()
      opened.socket.on('data', onData)
      return opened
    }
  }
  const address = addressOf(options)
  return (onData) => {
    const onread = sharedInput((chunk) => {
      onData(chunk)
      return true
    })
    return { socket: connect({ ...address, onread }), readyEvent: 'connect' }
  }
}

function isSecure(origin: string): boolean {
  return origin.startsWith('https:')
}

function addressOf({ origin, allowsPrivate }: SocketOptions) {
  const url = new URL(origin)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = url.port === '' ? (isSecure(origin) ? 443 : 80) : Number(url.port)
  // Who writes an address, or `localhost`, into a description means it.
  const lookup = guardedLookup(allowsPrivate || host === 'localhost')
  return { host, port, lookup, noDelay: true, keepAlive: true, autoSelectFamily: true }
}

function tlsOptions(host: string, { ca, cert, key, serverName }: UpstreamTls = {}): ConnectionOptions {
  const servername = serverName ?? host
  return {
    ...(isIP(servername) === 0 && { servername }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  }
}
