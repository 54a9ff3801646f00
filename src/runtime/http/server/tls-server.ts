import { createServer, type Server, type TlsOptions, type TLSSocket } from 'node:tls'

/** What a listener speaks TLS by. */
export interface ListenerTls {
  readonly options: TlsOptions
  /** Gives a server the certificates that it uses from then on, now and whenever they change. */
  readonly attach: (server: Server) => void
}

/** Whoever connects has this long to agree on keys. */
const HANDSHAKE_TIMEOUT_MS = 10_000

/** A server that hands on connections once their handshake is done. Those that fail it are closed; that is all there is to say. */
export function createTlsServer(
  tls: ListenerTls,
  { speaksHttp2, accept }: { readonly speaksHttp2: boolean; readonly accept: (socket: TLSSocket) => void },
): Server {
  const server = createServer(
    {
      ...tls.options,
      // Half-open, the socket below would stay when a client has gone, and its descriptor with it.
      allowHalfOpen: false,
      noDelay: true,
      keepAlive: true,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      ALPNProtocols: speaksHttp2 ? ['h2', 'http/1.1'] : ['http/1.1'],
    },
    accept,
  )
  tls.attach(server)
  return server
}
