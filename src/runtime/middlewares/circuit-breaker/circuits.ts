import { NamedStates } from '../named-states.ts'

export interface CircuitRules {
  readonly failureRatio: number
  readonly minimumRequests: number
  readonly windowMs: number
  readonly openMs: number
}

/** What a circuit says to a request: go on, go on as the one that tries whether the service is back, or do not. */
export type Passage = 'closed' | 'trial' | 'open'

const BUCKETS = 10

/** Counts the answers of a service over a window that moves in ten steps, and opens when too many failed. */
class Circuit {
  readonly #succeeded = new Float64Array(BUCKETS)
  readonly #failed = new Float64Array(BUCKETS)
  #step = 0
  #openedMs: number | undefined
  #isTrying = false

  pass(rules: CircuitRules, nowMs: number): Passage {
    if (this.#openedMs === undefined) return 'closed'
    if (this.#isTrying || nowMs - this.#openedMs < rules.openMs) return 'open'
    this.#isTrying = true
    return 'trial'
  }

  /** Takes the outcome of a request that passed; undefined where the client left before there was one. */
  settle(passage: Passage, hasFailed: boolean | undefined, rules: CircuitRules, nowMs: number): void {
    if (passage === 'trial') return this.#settleTrial(hasFailed, nowMs)
    if (hasFailed === undefined || this.#openedMs !== undefined) return
    this.#forget(rules, nowMs)
    const bucket = this.#step % BUCKETS
    const counts = hasFailed ? this.#failed : this.#succeeded
    counts[bucket] = (counts[bucket] as number) + 1
    if (!hasFailed) return
    const [failed, succeeded] = [sum(this.#failed), sum(this.#succeeded)]
    const total = failed + succeeded
    if (total >= rules.minimumRequests && failed / total >= rules.failureRatio) this.#openedMs = nowMs
  }

  /** Milliseconds until a request is let through again. */
  waitMs(rules: CircuitRules, nowMs: number): number {
    return this.#openedMs === undefined ? 0 : Math.max(0, this.#openedMs + rules.openMs - nowMs)
  }

  #settleTrial(hasFailed: boolean | undefined, nowMs: number): void {
    this.#isTrying = false
    if (hasFailed === undefined) return
    if (hasFailed) {
      this.#openedMs = nowMs
      return
    }
    this.#openedMs = undefined
    this.#failed.fill(0)
    this.#succeeded.fill(0)
  }

  #forget({ windowMs }: CircuitRules, nowMs: number): void {
    const step = Math.floor(nowMs / (windowMs / BUCKETS))
    const passed = Math.min(BUCKETS, step - this.#step)
    for (let index = 1; index <= passed; index += 1) {
      const bucket = (this.#step + index) % BUCKETS
      this.#failed[bucket] = 0
      this.#succeeded[bucket] = 0
    }
    this.#step = step
  }
}

function sum(counts: Float64Array): number {
  return counts.reduce((total, count) => total + count, 0)
}

/** The circuits by name. */
export type Circuits = NamedStates<Circuit>

export function createCircuits(): Circuits {
  return new NamedStates(() => new Circuit())
}
