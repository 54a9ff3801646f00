import { fixedHead, type GatewayRequest, type Reply } from '../http/index.ts'
import { healthOf } from '../reserved/index.ts'
import type { Logger } from '../telemetry/index.ts'
import { createAdminGuard, type AdminAccess } from './admin-access.ts'
import { jsonAnswer, withHeader, type Answer } from './answer.ts'
import { createReloadPage, type ReloadCall } from './reload-page.ts'
import { createProvenancePage, type ProvenancePageOptions } from './provenance-page.ts'

/** Whether a node wants requests, and why not. */
export type Readiness = 'ready' | 'warming' | 'draining'

export interface AdminOptions extends ProvenancePageOptions {
  readonly access: AdminAccess
  readonly readiness: () => Readiness
  readonly renderMetrics: () => string | Promise<string>
  /** Undefined where nobody may reload by a call. */
  readonly reloadCall: ReloadCall | undefined
  /** The services behind the gateway, as they are at this moment. */
  readonly targetGroups: () => readonly object[] | Promise<readonly object[]>
  readonly log: Logger
}

type Page = (request: GatewayRequest) => Answer | Promise<Answer>

/** Answers on the admin listener; it only reads, but for a reload where that is allowed. */
export function createAdminHandler(options: AdminOptions): (request: GatewayRequest, reply: Reply) => void {
  const { current, node, reloadCall } = options
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
      () => {
        const status = options.readiness()
        return jsonAnswer(status === 'ready' ? 200 : 503, { status })
      },
    ],
    [
      '/metrics',
      async () => ({
        status: 200,
        headers: ['content-type', 'text/plain; version=0.0.4; charset=utf-8'],
        body: await options.renderMetrics(),
      }),
    ],
    ['/upstreams', async () => jsonAnswer(200, { groups: await options.targetGroups() })],
    ['/_admin/provenance', ({ query }) => provenance(query)],
    ['/provenance', ({ query }) => provenance(query)],
  ])
  const calls = new Map<string, Page>(
    reloadCall === undefined ? [] : [['/_admin/reload', createReloadPage(reloadCall, options.monotonicMs)]],
  )
  const guard = createAdminGuard(options.access, new Set(calls.keys()))
  return (request, reply) => {
    answer({ GET: pages, POST: calls }, guard, request)
      .catch((error: unknown) => {
        options.log.log('error', 'admin request failed', { path: request.path, reason: String(error) })
        return jsonAnswer(500, { error: 'internal error' })
      })
      .then(({ status, headers, body }) => reply.send(fixedHead(status, headers), Buffer.from(body)))
      .catch((error: unknown) => options.log.log('error', 'admin answer failed', { reason: String(error) }))
  }
}

async function answer(
  pages: Readonly<Record<'GET' | 'POST', ReadonlyMap<string, Page>>>,
  guard: ReturnType<typeof createAdminGuard>,
  request: GatewayRequest,
): Promise<Answer> {
  const refusal = guard(request)
  if (refusal !== undefined) return refusal
  const { method, path } = request
  const page = method === 'GET' || method === 'POST' ? pages[method].get(path) : undefined
  if (page !== undefined) return page(request)
  const allow = (['GET', 'POST'] as const).filter((one) => pages[one].has(path))
  if (allow.length === 0) return jsonAnswer(404, { error: 'not found' })
  return withHeader(jsonAnswer(405, { error: 'method not allowed' }), 'allow', allow.join(', '))
}
