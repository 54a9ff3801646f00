import type { UpstreamCall, UpstreamClient } from '../../src/runtime/http/index.ts'

/** Asks a service for a path, and writes down what becomes of it. */
export function outcomeOf(
  client: UpstreamClient,
  target: string,
  method = 'GET',
  timeoutMs = 20_000,
): Promise<string> {
  return new Promise((resolve) => {
    let status = 0
    let body = ''
    const call: UpstreamCall = client.send(
      { method, target, lines: '', body: null, timeoutMs },
      {
        onStart: (given) => (status = given),
        onData: (chunk) => {
          body += chunk.toString('latin1')
          return call === undefined || true
        },
        onEnd: () => resolve(`${status} ${body}`),
        onFault: (fault) => resolve(status === 0 ? fault : `cut ${status} ${body}`),
      },
    )
  })
}
