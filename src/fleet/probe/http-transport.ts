import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'

import { classifyError } from './classify-error.ts'
import type { Failure, Question, Reply } from './transport.ts'

/** Twenty thousand inputs fit. */
const MAX_BODY_BYTES = 4 * 1024 * 1024

// Without sessions, every connection shows the certificate that the node has now.
const agents = {
  http: new http.Agent({ keepAlive: false }),
  https: new https.Agent({ keepAlive: false, maxCachedSessions: 0 }),
}

/**
 * Asks by HTTP/1.1 over a connection of its own: nodes are asked so seldom that a kept connection would have ended.
 * Redirects are not followed, nothing is decompressed, and what is too large is cut off.
 */
export function askByHttp(question: Question): Promise<Reply> {
  const { url, headers, tls, timeoutMs, signal } = question
  return new Promise((resolve, reject) => {
    let request: ClientRequest | undefined
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      request?.destroy()
    }
    const settle = (reply: Reply) => {
      resolve(reply)
      end()
    }
    const abort = () => {
      reject(signal.reason as Error)
      end()
    }
    const timer = setTimeout(() => {
      const detail = `there was no whole answer within ${timeoutMs / 1000} s`
      settle({ failure: { reason: 'timeout', detail, isTransient: true } })
    }, timeoutMs)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    const options = {
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': 'barbacane',
        ...headers,
      },
    }
    const failed = (error: unknown) => settle({ failure: classifyError(error) })
    try {
      request =
        url.protocol === 'https:'
          ? https.get(url, {
              ...options,
              agent: agents.https,
              ca: tls?.ca,
              cert: tls?.cert,
              key: tls?.key,
              ...(tls?.serverName !== undefined && { servername: tls.serverName }),
            })
          : http.get(url, { ...options, agent: agents.http })
    } catch (error) {
      // A certificate or key that OpenSSL cannot read.
      return settle({ failure: { ...classifyError(error), reason: 'access-unusable', isTransient: false } })
    }
    request.on('error', failed)
    request.on('response', (response) => {
      const refused = refuse(response)
      if (refused !== undefined) return settle({ failure: refused })
      collect(response, {
        done: (body) => settle({ body }),
        tooLarge: () => settle({ failure: TOO_LARGE }),
        failed,
      })
    })
  })
}

const TOO_LARGE: Failure = {
  reason: 'too-large',
  detail: `the answer has more than ${MAX_BODY_BYTES / 1024 / 1024} MiB`,
  isTransient: false,
}

/** Why an answer is not read at all. */
function refuse({ statusCode: status = 0, headers }: IncomingMessage): Failure | undefined {
  if (status >= 300 && status < 400) {
    return { reason: 'redirected', detail: `it answered ${status} and points elsewhere`, isTransient: false }
  }
  if (status === 401 || status === 403) {
    return { reason: 'access-denied', detail: `it answered ${status}`, isTransient: false }
  }
  if (status !== 200) {
    const isTransient = [408, 425, 429, 500, 502, 503, 504].includes(status)
    const seconds = Number(headers['retry-after'])
    const retryAfter = Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}
    return { reason: 'http-status', detail: `it answered ${status}`, isTransient, ...retryAfter }
  }
  if (Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES) return TOO_LARGE
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity') return undefined
  return { reason: 'no-provenance', detail: `the answer is encoded as ${encoding}`, isTransient: false }
}

function collect(
  response: IncomingMessage,
  {
    done,
    tooLarge,
    failed,
  }: {
    readonly done: (body: Buffer) => void
    readonly tooLarge: () => void
    readonly failed: (error: unknown) => void
  },
): void {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  response.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.byteLength
    if (sizeBytes > MAX_BODY_BYTES) return tooLarge()
    chunks.push(chunk)
  })
  response.on('end', () => done(Buffer.concat(chunks)))
  response.on('error', failed)
}
