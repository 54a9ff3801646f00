import { canonicalJson, type JsonObject } from '../../../domain/index.ts'
import type { WorkerShare } from '../middleware-state.ts'
import type { BuiltMiddleware, MiddlewareContext } from '../middleware.ts'
import { refusalOf } from '../refusal.ts'

/** Limits how many requests are under way at once; the rest wait for a while. */
export function createConcurrencyLimit(config: JsonObject, { state }: MiddlewareContext): BuiltMiddleware {
  const maxConcurrent = Math.max(1, shareOf(config['max_concurrent'] as number, state.share))
  const maxQueue = shareOf(config['max_queue'] as number, state.share)
  const timeoutMs = config['queue_timeout_ms'] as number
  const gate = state.gates.of((config['name'] as string | undefined) ?? canonicalJson(config))
  const refuse = refusalOf('overloaded', { detail: 'Too many requests are under way.' }, ['retry-after', '1'])
  return {
    handle: (next) => (exchange) => {
      let hasEntered = false
      const giveUp = gate.enter(maxConcurrent, maxQueue, () => {
        hasEntered = true
        exchange.onClose(() => gate.leave())
        exchange.attempt(() => next(exchange))
      })
      if (giveUp === false) return refuse(exchange)
      if (hasEntered) return
      const timer = setTimeout(() => {
        if (giveUp()) exchange.attempt(() => refuse(exchange))
      }, timeoutMs)
      exchange.onClose(() => {
        clearTimeout(timer)
        giveUp()
      })
    },
  }
}

/** What one of several processes may have of a limit, so that together they have no more than that. */
function shareOf(limit: number, { index, count }: WorkerShare): number {
  return Math.floor(limit / count) + (index < limit % count ? 1 : 0)
}
