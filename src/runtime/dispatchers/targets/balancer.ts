import type { Exchange } from '../../pipeline/exchange.ts'
import { createHashRing, type KeyOf } from './hash-ring.ts'
import type { Target } from './target.ts'

/**
 * Chooses a target that may be used at this time and is not among those tried, a set of bits by index; undefined where
 * there is none.
 */
export type Balancer = (exchange: Exchange, nowMs: number, tried: number) => Target | undefined

function isUsable({ index, health }: Target, nowMs: number, tried: number): boolean {
  return (tried & (1 << index)) === 0 && health.stateAt(nowMs) === 'up'
}

/**
 * In turn, by weight, and no target twice where another is due: each gains its weight, the one that has most is taken and
 * pays what all of them gained.
 */
export function roundRobin(targets: readonly Target[]): Balancer {
  const credits = new Float64Array(targets.length)
  return (_, nowMs, tried) => {
    let best: Target | undefined
    let total = 0
    for (const target of targets) {
      if (!isUsable(target, nowMs, tried)) continue
      const { index, weight } = target
      total += weight
      credits[index] = (credits[index] as number) + weight
      if (best === undefined || credits[index] > (credits[best.index] as number)) best = target
    }
    if (best !== undefined) credits[best.index] = (credits[best.index] as number) - total
    return best
  }
}

/** The target with the fewest requests under way for its weight; in turn where several have. */
export function leastRequests(targets: readonly Target[]): Balancer {
  let first = 0
  return (_, nowMs, tried) => {
    let best: Target | undefined
    let bestLoad = Infinity
    for (let step = 0; step < targets.length; step += 1) {
      const target = targets[(first + step) % targets.length] as Target
      if (!isUsable(target, nowMs, tried)) continue
      const load = (target.underWay + 1) / target.weight
      if (load >= bestLoad) continue
      best = target
      bestLoad = load
    }
    if (best !== undefined) first = (best.index + 1) % targets.length
    return best
  }
}

/** The same target for the same key, for as long as it may be used; then those of its keys move, and no others. */
export function byHash(targets: readonly Target[], keyOf: KeyOf): Balancer {
  const ring = createHashRing(
    targets.map(({ upstream, basePath, weight }) => ({ name: upstream.origin + basePath, weight })),
  )
  return (exchange, nowMs, tried) => {
    const index = ring(keyOf(exchange), (candidate) => isUsable(targets[candidate] as Target, nowMs, tried))
    return index === undefined ? undefined : targets[index]
  }
}
