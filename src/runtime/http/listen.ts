import type { Server } from 'node:net'
import { platform } from 'node:os'

import { runtimeProblems as problems } from '../problems.ts'
import { formatAddress, type ListenAddress } from './address.ts'

/**
 * Whether the system spreads connections over the sockets of processes that share a port (SO_REUSEPORT). Where it does not,
 * `node:cluster` gives them one socket.
 */
const SPREADS = platform() === 'linux'

/**
 * Binds a server and resolves to the address it has.
 *
 * @throws {ProblemError} BCN_LISTEN_IN_USE, BCN_LISTEN_DENIED, BCN_LISTEN_FAILED
 */
export function bind(server: Server, wanted: ListenAddress): Promise<ListenAddress> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => reject(listenProblem(error, wanted))
    server.once('error', refuse)
    server.listen({ port: wanted.port, host: wanted.host, reusePort: wanted.isShared && SPREADS }, () => {
      server.off('error', refuse)
      const actual = server.address()
      const port = typeof actual === 'object' && actual !== null ? actual.port : wanted.port
      resolve({ host: wanted.host, port })
    })
  })
}

function listenProblem(error: NodeJS.ErrnoException, wanted: ListenAddress) {
  const address = formatAddress(wanted)
  if (error.code === 'EADDRINUSE') return problems.BCN_LISTEN_IN_USE({ address }, { cause: error })
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return problems.BCN_LISTEN_DENIED({ address }, { cause: error })
  }
  return problems.BCN_LISTEN_FAILED({ address, reason: error.message }, { cause: error })
}
