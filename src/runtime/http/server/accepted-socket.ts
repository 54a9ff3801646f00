import { Socket, type SocketConstructorOpts } from 'node:net'

import { sharedInput } from '../shared-input.ts'

/** What Node keeps of a connection that a server has accepted, and declares no types for. */
interface Accepted {
  _handle: object | null
  _server: object | null
}

/**
 * An accepted connection that reads into memory that all share. Node offers that to sockets that connect (`onread`); one
 * that was accepted reads each piece into 64 KB of its own, unless its handle is given to another socket.
 */
export class AcceptedSocket extends Socket {
  /** Takes what is read, which is written over by the next read; false to stop reading. */
  receive: (chunk: Buffer) => boolean = (chunk) => this.push(Buffer.from(chunk))

  private constructor(handle: object) {
    const options = { handle, allowHalfOpen: true, onread: sharedInput((chunk) => this.receive(chunk)) }
    super(options as SocketConstructorOpts)
  }

  /** Takes over a connection that has not been read from; undefined where this Node keeps its handle in another way. */
  static takeOver(socket: Socket): AcceptedSocket | undefined {
    const accepted = socket as unknown as Accepted
    const { _handle: handle, _server: server } = accepted
    if (typeof handle !== 'object' || handle === null || typeof server !== 'object') return undefined
    accepted._handle = null
    const taken = new AcceptedSocket(handle)
    // The server counts its connections by what closes.
    ;(taken as unknown as Accepted)._server = server
    return taken
  }
}

/** Has what a socket reads handed on, which may be written over by the next read. */
export function receiveFrom(socket: Socket, onData: (chunk: Buffer) => void): void {
  if (!(socket instanceof AcceptedSocket)) {
    socket.on('data', onData)
    return
  }
  socket.receive = (chunk) => {
    onData(chunk)
    return true
  }
}

/** Stops the input of a socket, which is from then on a stream that anybody can read. */
export function pauseAsStream(socket: Socket): void {
  socket.pause()
  if (socket instanceof AcceptedSocket) socket.receive = (chunk) => socket.push(Buffer.from(chunk))
}
