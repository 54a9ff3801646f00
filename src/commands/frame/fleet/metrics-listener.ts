import { createServer } from 'node:http'

import { bind, formatAddress, parseListenAddress } from '../../../runtime/index.ts'

interface MetricsListener {
  /** Where it listens, the port that the system chose included. */
  readonly address: string
  readonly close: () => void
}

/**
 * Serves metrics to Prometheus, and nothing else.
 *
 * @throws {ProblemError} BCN_SERVE_OPTION, BCN_LISTEN_…
 */
export async function listenForMetrics(text: string, render: () => string): Promise<MetricsListener> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, reply) => {
    const isMetrics = request.url === '/metrics'
    if (!isMetrics || (request.method !== 'GET' && request.method !== 'HEAD')) {
      return void reply.writeHead(isMetrics ? 405 : 404, isMetrics ? { allow: 'GET, HEAD' } : {}).end()
    }
    reply.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(render())
  })
  server.maxConnections = 64
  const address = await bind(server, parseListenAddress(text, '--metrics-listen'))
  return {
    address: formatAddress(address),
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
