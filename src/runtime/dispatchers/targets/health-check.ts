import type { UpstreamCall } from '../../http/index.ts'
import type { Logger } from '../../telemetry/index.ts'
import type { Target } from './target.ts'

export interface HealthCheckRules {
  readonly path: string
  readonly intervalMs: number
  readonly timeoutMs: number
  /** Share of the interval by which it varies. */
  readonly jitter: number
  readonly statuses: ReadonlySet<number>
}

interface CheckContext {
  readonly log: Logger
  /** From 0 to 1. */
  readonly random: () => number
}

/** Asks a target regularly whether it is well; the first time at once. */
export class HealthCheck {
  readonly #target: Target
  readonly #rules: HealthCheckRules
  readonly #context: CheckContext
  #timer: NodeJS.Timeout | undefined
  #call: UpstreamCall | undefined

  constructor(target: Target, rules: HealthCheckRules, context: CheckContext) {
    this.#target = target
    this.#rules = rules
    this.#context = context
  }

  start(): void {
    this.#check()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#call?.abort()
  }

  #check(): void {
    const { path, timeoutMs, statuses } = this.#rules
    const { upstream, basePath } = this.#target
    let status = 0
    this.#call = upstream.client.send(
      {
        method: 'GET',
        target: basePath + path,
        lines: 'user-agent: barbacane-health-check\r\naccept: */*\r\n',
        body: null,
        timeoutMs,
      },
      {
        onStart: (given) => (status = given),
        onData: () => true,
        onEnd: () => this.#take(statuses.has(status), `the answer is ${status}`),
        onFault: (_, cause) => this.#take(false, cause.message),
      },
    )
  }

  #take(isHealthy: boolean, reason: string): void {
    const { health, upstream } = this.#target
    upstream.metrics.checked(isHealthy)
    if (health.checked(isHealthy)) {
      const fields = { upstream: upstream.origin, ...(isHealthy ? {} : { reason }) }
      if (isHealthy) this.#context.log.log('info', 'a target is back', fields)
      else this.#context.log.log('warn', 'a target is left alone', fields)
    }
    const { intervalMs, jitter } = this.#rules
    const waitMs = intervalMs * (1 + jitter * (2 * this.#context.random() - 1))
    this.#timer = setTimeout(() => this.#check(), waitMs)
    this.#timer.unref()
  }
}
