import { canonicalJson, type JsonObject } from '../../../domain/index.ts'
import type { BuiltMiddleware, MiddlewareContext } from '../middleware.ts'
import { refusalOf } from '../refusal.ts'
import type { CircuitRules } from './circuits.ts'

/** Stops asking a service that fails. */
export function createCircuitBreaker(
  config: JsonObject,
  { host, log, state }: MiddlewareContext,
): BuiltMiddleware {
  const rules: CircuitRules = {
    failureRatio: config['failure_ratio'] as number,
    minimumRequests: config['minimum_requests'] as number,
    windowMs: Math.max(1, (config['window_seconds'] as number) * 1000),
    openMs: (config['open_seconds'] as number) * 1000,
  }
  const failures = new Set(config['failure_statuses'] as readonly number[])
  const name = config['name'] as string | undefined
  const circuit = state.circuits.of(name ?? canonicalJson(config))
  const refuse = refusalOf('circuit-open', {})
  return {
    handle: (next) => (exchange) => {
      const passage = circuit.pass(rules, host.monotonicMs())
      if (passage === 'open') {
        const waitSeconds = Math.max(1, Math.ceil(circuit.waitMs(rules, host.monotonicMs()) / 1000))
        return refuse(exchange, ['retry-after', String(waitSeconds)])
      }
      let status: number | undefined
      exchange.onResponse((response, done) => {
        status = response.status
        done()
      })
      exchange.onClose(() => {
        const hasFailed = status === undefined ? undefined : failures.has(status)
        const nowMs = host.monotonicMs()
        const wasOpen = circuit.waitMs(rules, nowMs) > 0
        circuit.settle(passage, hasFailed, rules, nowMs)
        if (!wasOpen && circuit.waitMs(rules, nowMs) > 0) {
          log.log('warn', 'a circuit opens', {
            circuit: name ?? 'unnamed',
            status: exchange.status,
            request_id: exchange.requestId,
          })
        }
      })
      next(exchange)
    },
  }
}
