import type { FleetNode } from '../../config/index.ts'
import { DecodeError } from '../../domain/index.ts'
import type { ReadAccess } from './node-access.ts'
import type { ProbeHost, ProbeOptions } from './probe-host.ts'
import { parseProvenance, type ProvenanceAnswer } from './provenance-answer.ts'
import type { Failure, Reply } from './transport.ts'

/** What came of asking a node. */
export interface Probe {
  /** Of the last attempt: what it sent, when, and when it had the answer. */
  readonly nonce: string
  readonly sentAtMs: number
  readonly receivedAtMs: number
  /** All attempts and the waits between them. */
  readonly durationMs: number
  readonly attempts: number
  readonly outcome: { readonly answer: ProvenanceAnswer } | { readonly failure: Failure }
}

export interface Prober extends Pick<ProbeOptions, 'timeoutMs' | 'retries'> {
  readonly readAccess: ReadAccess
  /** Runs an attempt when its turn has come. */
  readonly inTurn: (hostname: string, attempt: () => Promise<Reply>) => Promise<Reply>
}

const BASE_DELAY_MS = 200
const MAX_DELAY_MS = 10_000

/** Asks a node what it runs, each time with a nonce of its own. */
export async function probeNode(node: FleetNode, prober: Prober, host: ProbeHost): Promise<Probe> {
  const startedMs = host.monotonicMs()
  const access = await prober.readAccess(node)
  const { hostname } = new URL(node.adminUrl)
  for (let attempts = 1; ; attempts++) {
    const nonce = host.nonce()
    let sentAtMs = host.nowMs()
    const outcome: Probe['outcome'] =
      'failure' in access
        ? access
        : readReply(
            await prober.inTurn(hostname, () => {
              sentAtMs = host.nowMs()
              const url = new URL(`${node.adminUrl}/_admin/provenance?nonce=${nonce}`)
              return host.ask({ url, ...access, timeoutMs: prober.timeoutMs, signal: host.signal })
            }),
          )
    if (!('failure' in outcome) || !outcome.failure.isTransient || attempts > prober.retries) {
      const durationMs = host.monotonicMs() - startedMs
      return { nonce, sentAtMs, receivedAtMs: host.nowMs(), durationMs, attempts, outcome }
    }
    // Between attempts no turn is held.
    await host.wait(delayMs(attempts, outcome.failure, host.random()), host.signal)
  }
}

function readReply(reply: Reply): Probe['outcome'] {
  if ('failure' in reply) return reply
  try {
    return { answer: parseProvenance(reply.body) }
  } catch (error) {
    if (!(error instanceof DecodeError || error instanceof SyntaxError || error instanceof TypeError))
      throw error
    const detail = error instanceof DecodeError ? `in its answer ${error.message}` : 'its answer is no JSON'
    return { failure: { reason: 'no-provenance', detail, isTransient: false } }
  }
}

/** Exponential backoff with full jitter, or as long as the node asked to wait; at most ten seconds. */
function delayMs(attempt: number, { retryAfterMs = 0 }: Failure, random: number): number {
  const backoff = BASE_DELAY_MS * 2 ** attempt * random
  return Math.min(MAX_DELAY_MS, Math.max(backoff, retryAfterMs))
}
