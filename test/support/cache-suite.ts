import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'

import type { CleanupScope } from './spawn-gateway.ts'

/** One case of the suite of github.com/http-tests/cache-tests; what it does is data that its own client understands. */
export interface SuiteCase {
  readonly id: string
  readonly name: string
  /** `optimal` and `check` say nothing of conformance; without a kind it is required. */
  readonly kind?: 'required' | 'optimal' | 'check'
  readonly depends_on?: readonly string[]
  readonly browser_only?: boolean
  readonly spec_anchors?: readonly string[]
}

/** True, or the kind of failure and what it was. */
export type SuiteResult = true | readonly [kind: string, message: string]

const suite = new URL('../judges/node_modules/http-cache-tests/', import.meta.url)

type Handle = (segments: string[], request: IncomingMessage, response: ServerResponse) => void

async function handlerOf(name: string): Promise<Handle> {
  const module = (await import(new URL(`server/${name}.mjs`, suite).href)) as { readonly default: Handle }
  return module.default
}

/** The suite's own origin server, by its own handlers. */
export async function startOrigin(scope: CleanupScope): Promise<string> {
  const [config, test, state] = await Promise.all(
    ['handle-config', 'handle-test', 'handle-state'].map(handlerOf),
  )
  const handlers: Readonly<Record<string, Handle | undefined>> = { config, test, state }
  const server = createServer((request, response) => {
    const [, area = '', ...segments] = new URL(request.url ?? '/', 'http://origin').pathname.split('/')
    const handle = handlers[area]
    if (handle === undefined) return void response.writeHead(404).end()
    handle(segments, request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  scope.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

/** Runs the suite's own client against a cache; every case at once, since most of their time is pauses. */
export async function runSuite(base: string): Promise<{
  readonly cases: readonly SuiteCase[]
  readonly results: Readonly<Record<string, SuiteResult>>
}> {
  const { default: groups } = (await import(new URL('tests/index.mjs', suite).href)) as {
    readonly default: readonly { readonly tests: readonly SuiteCase[] }[]
  }
  const runner = (await import(new URL('client/runner.mjs', suite).href)) as {
    readonly runTests: (...given: readonly unknown[]) => Promise<void>
    readonly getResults: () => Readonly<Record<string, SuiteResult>>
  }
  await runner.runTests(groups, plainFetch, false, base, 1000)
  const cases = groups
    .flatMap(({ tests }) => tests)
    .filter(({ browser_only: isBrowsers }) => isBrowsers !== true)
  return { cases, results: runner.getResults() }
}

interface Init {
  readonly method?: string
  readonly headers?: readonly (readonly [name: string, value: string | number])[]
  readonly body?: string
}

/** What the client needs of `fetch`, and nothing that a browser adds to requests. */
function plainFetch(url: string, { method = 'GET', headers = [], body }: Init = {}) {
  return new Promise((resolve, reject) => {
    const fields: Record<string, string[]> = {}
    for (const [name, value] of headers) (fields[name] ??= []).push(String(value))
    if (body !== undefined) fields['Content-Length'] = [String(Buffer.byteLength(body))]
    const request = httpRequest(url, { method, headers: fields }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const pairs = Object.entries(response.headersDistinct).map(
          ([name, values = []]) => [name, values.join(', ')] as [string, string],
        )
        resolve({
          status: response.statusCode,
          statusText: response.statusMessage,
          headers: new Headers(pairs),
          text: async () => Buffer.concat(chunks).toString(),
        })
      })
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}
