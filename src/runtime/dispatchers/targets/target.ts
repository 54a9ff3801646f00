import type { Upstream } from '../upstreams.ts'
import type { TargetHealth } from './target-health.ts'

/** One of the services that do the same. */
export interface Target {
  /** Where it stands among them, from 0. */
  readonly index: number
  readonly upstream: Upstream
  readonly basePath: string
  readonly weight: number
  readonly health: TargetHealth
  /** Requests that it has and has not answered. */
  underWay: number
}
