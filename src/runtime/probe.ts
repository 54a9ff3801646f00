import { systemReason } from '../domain/index.ts'
import { runtimeProblems as problems } from './problems.ts'
import { formatAddress, parseListenAddress } from './http/index.ts'

const TIMEOUT_MS = 3000

/** What of a gateway's variables says where its admin listener is. */
export interface ProbedSettings {
  readonly adminBind: string
  readonly speaksTls: boolean
  /** How long to wait for an answer; preset are three seconds. */
  readonly timeoutMs?: number
}

/**
 * Asks the gateway of this machine whether it wants requests, for images that have nothing else to ask with.
 *
 * @throws {ProblemError} BCN_SERVE_NOT_READY where it does not say so in time; BCN_SERVE_OPTION
 */
export async function probeGateway({
  adminBind,
  speaksTls,
  timeoutMs = TIMEOUT_MS,
}: ProbedSettings): Promise<void> {
  const { host, port } = parseListenAddress(adminBind, 'BARBACANE_ADMIN_BIND')
  const near = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
  const url = `${speaksTls ? 'https' : 'http'}://${formatAddress({ host: near, port })}/ready`
  const answer = await ask(url, timeoutMs)
  if (answer !== 200) {
    const reason = typeof answer === 'number' ? `it answered ${answer}` : answer
    throw problems.BCN_SERVE_NOT_READY({ url, reason })
  }
}

/** The status, or why there is none. */
async function ask(url: string, timeoutMs: number): Promise<number | string> {
  // Imported here, because a gateway that serves does not need all that Node loads with it.
  const { get } = await (url.startsWith('https:') ? import('node:https') : import('node:http'))
  // Whose certificate it is does not matter: nothing is told to whoever answers, as with the probes of Kubernetes.
  const options = { timeout: timeoutMs, agent: false, rejectUnauthorized: false } as const
  return new Promise((resolve) => {
    const request = get(url, options, (answer) => {
      resolve(answer.statusCode ?? 0)
      request.destroy()
    })
    request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)))
    request.on('error', (error) => resolve(systemReason(error)))
  })
}
