/** When checks decide about a target. */
export interface CheckRules {
  readonly healthyThreshold: number
  readonly unhealthyThreshold: number
}

/** When requests that fail decide about a target. */
export interface EjectionRules {
  readonly consecutiveFailures: number
  readonly statuses: ReadonlySet<number>
  readonly baseMs: number
  readonly maxMs: number
}

/** `down`: its checks fail. `ejected`: its requests failed, and the time for that is not over. */
export type TargetState = 'up' | 'down' | 'ejected'

/** What is known of one target: from checks, and from the requests that it was given. */
export class TargetHealth {
  readonly #checks: CheckRules | undefined
  readonly #ejection: EjectionRules | undefined
  #isDown = false
  /** Checks in a row that say the contrary of what is held of it. */
  #contradictions = 0
  #failures = 0
  /** How often it was ejected since it last succeeded. */
  #ejections = 0
  #ejectedUntilMs = -Infinity

  constructor(checks: CheckRules | undefined, ejection: EjectionRules | undefined) {
    this.#checks = checks
    this.#ejection = ejection
  }

  stateAt(nowMs: number): TargetState {
    if (this.#isDown) return 'down'
    return nowMs < this.#ejectedUntilMs ? 'ejected' : 'up'
  }

  /** Milliseconds until its ejection is over; undefined where that is for checks to say. */
  waitMs(nowMs: number): number | undefined {
    return this.#isDown ? undefined : Math.max(0, this.#ejectedUntilMs - nowMs)
  }

  /** Takes the outcome of a check; true where it changes what is held of the target. */
  checked(isHealthy: boolean): boolean {
    if (this.#checks === undefined || isHealthy !== this.#isDown) {
      this.#contradictions = 0
      return false
    }
    this.#contradictions += 1
    const { healthyThreshold, unhealthyThreshold } = this.#checks
    if (this.#contradictions < (isHealthy ? healthyThreshold : unhealthyThreshold)) return false
    this.#contradictions = 0
    this.#isDown = !isHealthy
    return true
  }

  /** Takes the outcome of a request; true where the target is ejected for it. */
  settled(hasFailed: boolean, nowMs: number): boolean {
    const rules = this.#ejection
    if (rules === undefined) return false
    if (!hasFailed) {
      this.#failures = 0
      // What was under way before the ejection says nothing of the target as it is now.
      if (nowMs >= this.#ejectedUntilMs) this.#ejections = 0
      return false
    }
    this.#failures += 1
    if (nowMs < this.#ejectedUntilMs) return false
    if (this.#ejections === 0 && this.#failures < rules.consecutiveFailures) return false
    this.#ejectedUntilMs = nowMs + Math.min(rules.maxMs, rules.baseMs * 2 ** this.#ejections)
    this.#ejections += 1
    this.#failures = 0
    return true
  }
}
