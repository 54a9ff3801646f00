import type { JsonObject } from '../../domain/index.ts'
import { redactHeaders } from '../telemetry/index.ts'
import type { BuiltMiddleware, MiddlewareContext } from './middleware.ts'

/** Logs requests and answers, and counts those that take too long. */
export function createObservability(
  config: JsonObject,
  { host, log, metrics }: MiddlewareContext,
): BuiltMiddleware {
  const sloMs = config['latency_slo_ms'] as number | undefined
  const logsRequests = config['detailed_request_logs'] === true
  const logsResponses = config['detailed_response_logs'] === true
  const measures = config['emit_latency_histogram'] === true
  return {
    handle: (next) => (exchange) => {
      const startedMs = host.monotonicMs()
      const { request, requestId } = exchange
      if (logsRequests) {
        const { method, path } = request
        const headers = redactHeaders(request.headers)
        log.log('info', 'request details', { request_id: requestId, method, path, headers })
      }
      if (logsResponses) {
        exchange.onResponse((response, done) => {
          const { status, headers } = response
          log.log('info', 'response details', {
            request_id: requestId,
            status,
            headers: redactHeaders(headers),
          })
          done()
        })
      }
      exchange.onClose(() => {
        const durationMs = host.monotonicMs() - startedMs
        const { template } = exchange
        if (measures) metrics.forLatency(request.method, template).duration.observe(durationMs / 1000)
        if (sloMs === undefined || durationMs <= sloMs) return
        metrics.forLatency(request.method, template).sloViolations.increment()
        const fields = {
          request_id: requestId,
          route: template,
          duration_ms: Math.round(durationMs),
          slo_ms: sloMs,
        }
        log.log('warn', 'an answer took longer than its objective', fields)
      })
      next(exchange)
    },
  }
}
