import type { JsonObject } from '../../../domain/index.ts'
import type { Handler } from '../../pipeline/handler.ts'
import type { DispatcherContext } from '../context.ts'
import { Forwarding, type ForwardingPlan } from './forwarding.ts'
import { createRetryPolicy } from './retry-policy.ts'
import { pathByTemplate, pathWithout, samePath, type PathOf } from './target-path.ts'

/**
 * Forwards to an HTTP service, or to one of several that do the same, and streams its answer back.
 *
 * @throws {RangeError} for a URL, path or certificate that cannot be used, named in the message.
 */
export function createHttpUpstream(config: JsonObject, context: DispatcherContext): Handler {
  const plan: ForwardingPlan = {
    group: context.targetGroups.of(config),
    pathOf: pathOfConfig(config, context.captureNames),
    timeoutMs: (config['timeout'] as number) * 1000,
    forwardsTrailers: config['trailers'] === 'forward',
    retries: createRetryPolicy(config['retries'] as JsonObject | undefined),
    monotonicMs: context.host.monotonicMs,
    log: context.log,
    dev: context.dev,
  }
  return (exchange) => new Forwarding(exchange, plan).start()
}

function pathOfConfig(config: JsonObject, captureNames: readonly string[]): PathOf {
  const template = config['path'] as string | undefined
  const prefix = config['strip_prefix'] as string | undefined
  if (template !== undefined && prefix !== undefined) {
    throw new RangeError('/strip_prefix: there is a path already, which replaces all of it')
  }
  if (template !== undefined) return pathByTemplate(template, captureNames)
  return prefix === undefined ? samePath : pathWithout(prefix)
}
