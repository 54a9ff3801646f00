import { isLoopback, type Host } from '../../../domain/index.ts'
import {
  fleetProblems as problems,
  parseWebhookSecret,
  type Post,
  type Webhook,
} from '../../../fleet/index.ts'

const TIMEOUT_MS = 10_000

/**
 * The webhook of the flag and its secret, which is only ever in the environment.
 *
 * @throws {ProblemError} BCN_FLEET_WEBHOOK; a URL may hold a token and is not repeated
 */
export function openWebhook(url: string | undefined, { env }: Host): Webhook | undefined {
  if (url === undefined) return undefined
  const parsed = URL.parse(url)
  if (
    parsed === null ||
    !(parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isLoopback(parsed)))
  )
    throw problems.BCN_FLEET_WEBHOOK({ reason: 'what is given is no https URL' })
  const secret = parseWebhookSecret(env['BARBACANE_WEBHOOK_SECRET'] ?? '')
  if (secret === undefined)
    throw problems.BCN_FLEET_WEBHOOK({ reason: 'BARBACANE_WEBHOOK_SECRET holds no secret of that form' })
  return { url: parsed, secret }
}

/** Posts over the real network. */
export const postByFetch: Post = async (url, { headers, body }, signal) => {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    await answer.body?.cancel()
    return { status: answer.status }
  } catch (error) {
    signal.throwIfAborted()
    const { message, cause, name } = error as Error
    if (name === 'TimeoutError') return { reason: `there was no answer within ${TIMEOUT_MS / 1000} s` }
    return { reason: cause instanceof Error && cause.message !== '' ? cause.message : message }
  }
}
