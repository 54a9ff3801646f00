import { fixedHead, type GatewayRequest, type Reply } from '../http/index.ts'
import { healthOf } from '../reserved/index.ts'
import type { Logger } from '../telemetry/index.ts'
import { jsonAnswer, type Answer } from './answer.ts'
import { createProvenancePage, type ProvenancePageOptions } from './provenance-page.ts'

export interface AdminOptions extends ProvenancePageOptions {
  readonly isReady: () => boolean
  readonly renderMetrics: () => string
  /** The services behind the gateway, as they are at this moment. */
  readonly targetGroups: () => readonly object[]
  readonly log: Logger
}

type Page = (query: string) => Answer | Promise<Answer>

/** Answers on the admin listener; it only reads. */
export function createAdminHandler(options: AdminOptions): (request: GatewayRequest, reply: Reply) => void {
  const { current, node } = options
  const provenance = createProvenancePage(options)
  const pages = new Map<string, Page>([
    [
      '/health',
      () => {
        const uptime = Math.floor((options.nowMs() - node.startedAtMs) / 1000)
        return jsonAnswer(200, { ...healthOf(current().artifact), uptime_secs: uptime })
      },
    ],
    [
      '/ready',
      () =>
        options.isReady() ? jsonAnswer(200, { status: 'ready' }) : jsonAnswer(503, { status: 'draining' }),
    ],
    [
      '/metrics',
      () => ({
        status: 200,
        headers: ['content-type', 'text/plain; version=0.0.4; charset=utf-8'],
        body: options.renderMetrics(),
      }),
    ],
    ['/upstreams', () => jsonAnswer(200, { groups: options.targetGroups() })],
    ['/_admin/provenance', provenance],
    ['/provenance', provenance],
  ])
  return (request, reply) => {
    answer(pages, request)
      .catch((error: unknown) => {
        options.log.log('error', 'admin request failed', { path: request.path, reason: String(error) })
        return jsonAnswer(500, { error: 'internal error' })
      })
      .then(({ status, headers, body }) => reply.send(fixedHead(status, headers), Buffer.from(body)))
      .catch((error: unknown) => options.log.log('error', 'admin answer failed', { reason: String(error) }))
  }
}

async function answer(
  pages: ReadonlyMap<string, Page>,
  { method, path, query }: GatewayRequest,
): Promise<Answer> {
  const page = pages.get(path)
  if (page === undefined) return jsonAnswer(404, { error: 'not found' })
  if (method === 'GET') return page(query)
  const refused = jsonAnswer(405, { error: 'method not allowed' })
  return { ...refused, headers: [...refused.headers, 'allow', 'GET'] }
}
