import type { GatewayRequest, RawHeaders, Reply } from '../http/index.ts'
import type { JsonObject } from '../../domain/index.ts'
import { healthOf } from '../reserved/index.ts'
import type { Logger } from '../telemetry/index.ts'
import { provenanceOf, type NodeFacts, type ProvenanceSource } from './provenance.ts'

export interface AdminOptions {
  readonly current: () => ProvenanceSource
  readonly isReady: () => boolean
  readonly renderMetrics: () => string
  readonly node: NodeFacts
  readonly nowMs: () => number
  readonly log: Logger
}

interface Answer {
  readonly status: number
  readonly headers: RawHeaders
  readonly body: string
}

type Page = () => Answer | Promise<Answer>

/** Answers on the admin listener; it only reads. */
export function createAdminHandler(options: AdminOptions): (request: GatewayRequest, reply: Reply) => void {
  const { current, node } = options
  const provenance = async () => json(200, (await provenanceOf(current(), node)) as unknown as JsonObject)
  const pages = new Map<string, Page>([
    [
      '/health',
      () => {
        const uptime = Math.floor((options.nowMs() - node.startedAtMs) / 1000)
        return json(200, { ...healthOf(current().artifact), uptime_secs: uptime })
      },
    ],
    [
      '/ready',
      () => (options.isReady() ? json(200, { status: 'ready' }) : json(503, { status: 'draining' })),
    ],
    [
      '/metrics',
      () => ({
        status: 200,
        headers: ['content-type', 'text/plain; version=0.0.4; charset=utf-8'],
        body: options.renderMetrics(),
      }),
    ],
    ['/_admin/provenance', provenance],
    ['/provenance', provenance],
  ])
  return (request, reply) => {
    answer(pages, request)
      .catch((error: unknown) => {
        options.log.log('error', 'admin request failed', { path: request.path, reason: String(error) })
        return json(500, { error: 'internal error' })
      })
      .then(({ status, headers, body }) => reply.send(status, headers, Buffer.from(body)))
      .catch((error: unknown) => options.log.log('error', 'admin answer failed', { reason: String(error) }))
  }
}

async function answer(pages: ReadonlyMap<string, Page>, { method, path }: GatewayRequest): Promise<Answer> {
  const page = pages.get(path)
  if (page === undefined) return json(404, { error: 'not found' })
  if (method === 'GET') return page()
  const refused = json(405, { error: 'method not allowed' })
  return { ...refused, headers: [...refused.headers, 'allow', 'GET'] }
}

function json(status: number, value: JsonObject): Answer {
  return {
    status,
    headers: [
      'content-type',
      'application/json',
      'x-content-type-options',
      'nosniff',
      'cache-control',
      'no-store',
    ],
    body: JSON.stringify(value),
  }
}
