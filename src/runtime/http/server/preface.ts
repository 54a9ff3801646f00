import type { Socket } from 'node:net'

/** What every client of HTTP/2 sends first (RFC 9113 §3.4); no request of HTTP/1.1 can begin like this. */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/**
 * Waits for what a connection begins with, and says whether that is the preface of HTTP/2. Nothing is taken off the
 * connection. It is not called where the connection ends before.
 */
export function onPreface(socket: Socket, timeoutMs: number, done: (isHttp2: boolean) => void): void {
  let begun: Buffer = Buffer.alloc(0)
  const giveUp = () => socket.destroy()
  const timer = setTimeout(giveUp, timeoutMs)
  timer.unref()
  const onData = (chunk: Buffer) => {
    begun = begun.byteLength === 0 ? chunk : Buffer.concat([begun, chunk])
    const length = Math.min(begun.byteLength, PREFACE.byteLength)
    const isHttp2 = begun.subarray(0, length).equals(PREFACE.subarray(0, length))
    if (isHttp2 && length < PREFACE.byteLength) return
    stop()
    socket.pause()
    socket.unshift(begun)
    done(isHttp2)
    // A session of HTTP/2 takes the bytes by itself.
    if (!isHttp2) socket.resume()
  }
  const stop = () => {
    clearTimeout(timer)
    socket.off('data', onData)
    socket.off('end', giveUp)
    socket.off('error', giveUp)
  }
  socket.on('data', onData)
  socket.on('end', giveUp)
  socket.on('error', giveUp)
  socket.once('close', stop)
}
