import { connect } from 'node:net'

/** What came of many requests on connections that are used again. */
export interface Asked {
  /** Ends with the answer that each connection waits for, and resolves to what was counted. */
  readonly stop: () => Promise<AskedCounts>
  readonly answers: () => number
}

export interface AskedCounts {
  readonly answers: number
  /** Requests whose connection ended before their answer was whole. */
  readonly lost: number
  /** Connections that nobody took. */
  readonly refused: number
  /** Connections that ended between two requests though no answer had said so. */
  readonly dropped: number
  /** Heads and bodies as they were seen, by how often. */
  readonly seen: ReadonlyMap<string, number>
}

export interface AskOptions {
  readonly url: string
  readonly connections: number
  /** Of an answer, what is to be counted. */
  readonly describe: (head: string, body: string) => string
}

/** Asks by GET over so many connections, one request after the other on each, until it is told to stop. */
export function keepAsking({ url, connections, describe }: AskOptions): Asked {
  const { hostname, port, pathname } = new URL(url)
  const request = `GET ${pathname} HTTP/1.1\r\nHost: a\r\n\r\n`
  const seen = new Map<string, number>()
  const counts = { answers: 0, lost: 0, refused: 0, dropped: 0 }
  let isStopping = false
  const lines = Array.from({ length: connections }, () => run())
  function run(): Promise<void> {
    return new Promise((resolve) => {
      const open = () => {
        let received = ''
        let isWaiting = false
        let isTold = false
        const socket = connect(Number(port), hostname)
        const ask = () => {
          if (isStopping) return socket.end()
          received = ''
          isWaiting = true
          socket.write(request)
        }
        socket.setEncoding('latin1')
        socket.on('connect', ask)
        socket.on('data', (chunk: string) => {
          received += chunk
          const end = received.indexOf('\r\n\r\n')
          if (end === -1) return
          const head = received.slice(0, end)
          const body = received.slice(end + 4)
          if (body.length < Number(/content-length: (\d+)/i.exec(head)?.[1])) return
          isWaiting = false
          counts.answers += 1
          const what = describe(head, body)
          seen.set(what, (seen.get(what) ?? 0) + 1)
          isTold = /^connection: close/im.test(head)
          if (isTold) socket.end()
          else ask()
        })
        socket.on('error', (error: NodeJS.ErrnoException) => {
          if (error.code === 'ECONNREFUSED') counts.refused += 1
          socket.destroy()
        })
        socket.on('close', () => {
          if (isWaiting) counts.lost += 1
          if (isStopping) return resolve()
          if (!isWaiting && !isTold) counts.dropped += 1
          setTimeout(open, 5)
        })
      }
      open()
    })
  }
  return {
    answers: () => counts.answers,
    stop: async () => {
      isStopping = true
      await Promise.all(lines)
      return { ...counts, seen }
    },
  }
}
