import type { Exchange } from '../../pipeline/exchange.ts'
import { byHash, leastRequests, roundRobin, type Balancer } from './balancer.ts'
import { keyReader } from './hash-ring.ts'
import type { EjectionRules, TargetState } from './target-health.ts'
import type { Target } from './target.ts'

export type BalancingPolicy = 'round-robin' | 'least-requests' | 'hash'

export interface GroupRules {
  readonly policy: BalancingPolicy
  readonly hashOn: string
  readonly ejection: EjectionRules | undefined
  /** How long a target that its checks have found down is so at least. */
  readonly downMs: number
}

/** What the admin API says of a target. */
export interface TargetStatus {
  readonly url: string
  readonly weight: number
  readonly state: TargetState
  readonly requests: number
}

/** The services that some operations forward to, and what is known of them. */
export class TargetGroup {
  /** The same for the same targets and rules, across reloads. */
  readonly id: string
  readonly targets: readonly Target[]
  readonly #rules: GroupRules
  readonly #balance: Balancer

  constructor(id: string, targets: readonly Target[], rules: GroupRules) {
    this.id = id
    this.targets = targets
    this.#rules = rules
    this.#balance = balancerOf(targets, rules)
  }

  /** The target for a request: one that was not tried, else any that may be used. */
  choose(exchange: Exchange, nowMs: number, tried: number): Target | undefined {
    const target = this.#balance(exchange, nowMs, tried)
    return target === undefined && tried !== 0 ? this.#balance(exchange, nowMs, 0) : target
  }

  hasFailed(status: number): boolean {
    return this.#rules.ejection?.statuses.has(status) === true
  }

  /** Milliseconds until the first target may be used again. */
  waitMs(nowMs: number): number {
    return Math.min(...this.targets.map(({ health }) => health.waitMs(nowMs) ?? this.#rules.downMs))
  }

  statusAt(nowMs: number): readonly TargetStatus[] {
    return this.targets.map(({ upstream, basePath, weight, health, underWay }) => ({
      url: upstream.origin + basePath,
      weight,
      state: health.stateAt(nowMs),
      requests: underWay,
    }))
  }
}

function balancerOf(targets: readonly Target[], { policy, hashOn }: GroupRules): Balancer {
  const [only] = targets
  if (targets.length === 1 && only !== undefined) {
    return (_, nowMs, tried) => (tried === 0 && only.health.stateAt(nowMs) === 'up' ? only : undefined)
  }
  if (policy === 'hash') return byHash(targets, keyReader(hashOn))
  return policy === 'least-requests' ? leastRequests(targets) : roundRobin(targets)
}
