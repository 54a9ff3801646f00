import type { GatewayMetrics, Logger } from '../../telemetry/index.ts'
import { DeliveryQueue, type QueueRules } from './delivery-queue.ts'

/** The queues of one configuration of the gateway. */
export interface DeliveryQueues {
  /** The queue of a configuration, which operations that have the same share. */
  readonly of: (key: string, rules: QueueRules) => DeliveryQueue
  /** Sends what waits; resolves to false where the time for that was too short. */
  readonly drain: (graceMs: number) => Promise<boolean>
}

export function createDeliveryQueues(log: Logger, metrics: GatewayMetrics): DeliveryQueues {
  const queues = new Map<string, DeliveryQueue>()
  return {
    of: (key, rules) => {
      const queue =
        queues.get(key) ??
        new DeliveryQueue(rules, { log, metrics: metrics.forDeliveries(rules.upstream.origin) })
      queues.set(key, queue)
      return queue
    },
    drain: async (graceMs) => {
      const whole = await Promise.all([...queues.values()].map((queue) => queue.drain(graceMs)))
      return whole.every(Boolean)
    },
  }
}
