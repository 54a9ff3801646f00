const MAX_DOCUMENT_BYTES = 1024 * 1024

/** Something to send; the body of the answer is dropped. */
export interface Delivery {
  readonly method: 'POST' | 'PUT'
  readonly url: string
  readonly contentType: string
  readonly body: string
  readonly timeoutMs: number
}

/** Requests that middlewares send for themselves, over connections of their own. */
export interface Outbound {
  /**
   * Fetches a JSON document. Redirects are not followed, and it is at most a mebibyte.
   *
   * @throws {Error} when it cannot be had, or is none.
   */
  readonly fetchJson: (url: string, timeoutMs: number) => Promise<unknown>
  /** Sends something and resolves to the status. @throws {Error} when there is no answer. */
  readonly deliver: (delivery: Delivery) => Promise<number>
  /** Loads what sends, so that the first request need not wait for it. */
  readonly prepare: () => Promise<void>
  readonly close: () => Promise<void>
}

export function createOutbound(): Outbound {
  let opened: Promise<Sender> | undefined
  const open = () => (opened ??= openSender())
  return {
    fetchJson: async (url, timeoutMs) => {
      const { dispatcher, request } = await open()
      const signal = AbortSignal.timeout(timeoutMs)
      const accept = 'application/json, application/jwk-set+json'
      const { statusCode, body } = await request(url, { dispatcher, signal, headers: { accept } })
      if (statusCode !== 200) {
        await body.dump()
        throw new Error(`the answer is ${statusCode}`)
      }
      const chunks: Buffer[] = []
      let sizeBytes = 0
      for await (const chunk of body as AsyncIterable<Buffer>) {
        sizeBytes += chunk.byteLength
        // Leaving the loop ends the body and its connection.
        if (sizeBytes > MAX_DOCUMENT_BYTES) throw new Error('the answer is larger than a mebibyte')
        chunks.push(chunk)
      }
      return JSON.parse(Buffer.concat(chunks).toString()) as unknown
    },
    deliver: async ({ method, url, contentType, body: content, timeoutMs }) => {
      const { dispatcher, request } = await open()
      const signal = AbortSignal.timeout(timeoutMs)
      const headers = { 'content-type': contentType }
      const { statusCode, body } = await request(url, { method, dispatcher, signal, headers, body: content })
      await body.dump()
      return statusCode
    },
    prepare: async () => void (await open()),
    close: async () => (await opened)?.dispatcher.close(),
  }
}

type Sender = Awaited<ReturnType<typeof openSender>>

/** Most gateways send nothing for themselves, and the client is megabytes of code. */
async function openSender() {
  const { Agent, request } = await import('undici')
  return { dispatcher: new Agent({ connections: 8, pipelining: 1, keepAliveTimeout: 10_000 }), request }
}
