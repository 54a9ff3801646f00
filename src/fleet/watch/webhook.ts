import { createHmac } from 'node:crypto'

import type { Alert } from './watch-state.ts'

/** Where alerts are posted to, and the secret that both sides know. */
export interface Webhook {
  readonly url: URL
  readonly secret: Buffer
}

/** Posts once and follows no redirect; the status, or why there is none. */
export type Post = (
  url: URL,
  request: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  signal: AbortSignal,
) => Promise<{ readonly status: number } | { readonly reason: string }>

export interface WebhookHost {
  readonly nowMs: () => number
  readonly random: () => number
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<unknown>
  readonly signal: AbortSignal
  readonly post: Post
}

const ATTEMPTS = 3
const BASE_DELAY_MS = 500

/**
 * The secret of a webhook in the form of the Standard Webhooks specification: `whsec_` and base64 of 24 to 64 bytes.
 *
 * @returns undefined where it is none.
 */
export function parseWebhookSecret(text: string): Buffer | undefined {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text.trim()) ?? []
  const secret = Buffer.from(base64 ?? '', 'base64')
  return secret.byteLength >= 24 && secret.byteLength <= 64 ? secret : undefined
}

/** The headers of Standard Webhooks 1.0.0: an id for the receiver to know repetitions by, the time, and HMAC-SHA256. */
export function signWebhook(id: string, timeMs: number, body: string, secret: Buffer) {
  const timestamp = String(Math.floor(timeMs / 1000))
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')
  return {
    'content-type': 'application/json',
    'user-agent': 'barbacane',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  }
}

/** The body that tells about an alert; the same each time it is sent. */
function webhookBody({ kind, at_ms: atMs, opened_ms: openedMs, ...alert }: Alert): string {
  const { episode, node, environment, verdict, reason, message } = alert
  const at = (timeMs: number) => new Date(timeMs).toISOString()
  return JSON.stringify({
    type: `fleet.episode.${kind}`,
    timestamp: at(atMs),
    data: {
      episode,
      node,
      environment,
      verdict,
      reason,
      message,
      opened_at: at(openedMs),
      duration_seconds: Math.round((atMs - openedMs) / 1000),
    },
  })
}

/**
 * Delivers alerts in their order, and stops at the first that cannot be delivered: it is tried again with the next
 * poll. A receiver that answers 410 (Gone) wants none any more.
 *
 * @returns those that are left, and why
 */
export async function deliverAlerts(
  alerts: readonly Alert[],
  { url, secret }: Webhook,
  host: WebhookHost,
): Promise<{ readonly left: readonly Alert[]; readonly fault?: string }> {
  for (const [index, alert] of alerts.entries()) {
    const fault = await deliver(alert, { url, secret }, host)
    if (fault === 'gone')
      return { left: [], fault: 'the receiver answered 410 and wants none of these alerts' }
    if (fault !== undefined) return { left: alerts.slice(index), fault }
  }
  return { left: [] }
}

async function deliver(
  alert: Alert,
  { url, secret }: Webhook,
  host: WebhookHost,
): Promise<string | undefined> {
  const body = webhookBody(alert)
  // An identifier of a message may not hold the dot that separates it from the time.
  const id = `msg_${Buffer.from(alert.id).toString('base64url')}`
  for (let attempt = 1; ; attempt++) {
    const answer = await host.post(
      url,
      { headers: signWebhook(id, host.nowMs(), body, secret), body },
      host.signal,
    )
    const status = 'status' in answer ? answer.status : 0
    if (status >= 200 && status < 300) return undefined
    if (status === 410) return 'gone'
    if (attempt === ATTEMPTS) return 'status' in answer ? `it answered ${status}` : answer.reason
    await host.wait(BASE_DELAY_MS * 2 ** attempt * (0.5 + host.random() / 2), host.signal)
  }
}
