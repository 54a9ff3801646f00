import { builtins, canonicalJson, type JsonObject, type PluginUse } from '../../domain/index.ts'
import { runtimeProblems as problems } from '../problems.ts'
import { compileSchema, type Validate } from '../validate/index.ts'
import { withDefaults } from '../with-defaults.ts'
import { createAcl } from './acl.ts'
import { createApikeyAuth } from './apikey-auth.ts'
import { createBasicAuth } from './basic-auth/basic-auth.ts'
import { createBotDetection } from './bot-detection.ts'
import { createCache } from './cache/cache.ts'
import { ResponseStore } from './cache/response-store.ts'
import { createCel } from './cel/cel.ts'
import { createCircuitBreaker } from './circuit-breaker/circuit-breaker.ts'
import { createConcurrencyLimit } from './concurrency/concurrency-limit.ts'
import { createCorrelationId } from './correlation-id.ts'
import { createCors } from './cors.ts'
import { createHttpLog } from './http-log.ts'
import { createIpRestriction } from './ip-restriction.ts'
import { createJwtAuth } from './jwt-auth/jwt-auth.ts'
import type { BuiltMiddleware, MiddlewareContext, MiddlewareFactory } from './middleware.ts'
import { createObservability } from './observability.ts'
import { createRateLimit } from './rate-limit.ts'
import { createRedirect } from './redirect.ts'
import { createRequestSizeLimit } from './request-size-limit.ts'
import { createRequestTransformer } from './transform/request-transformer.ts'
import { createRetry } from './retry/retry.ts'
import { createResponseTransformer } from './transform/response-transformer.ts'

const factories: ReadonlyMap<string, MiddlewareFactory> = new Map<string, MiddlewareFactory>([
  ['acl', createAcl],
  ['apikey-auth', createApikeyAuth],
  ['basic-auth', createBasicAuth],
  ['bot-detection', createBotDetection],
  ['cache', createCache],
  ['cel', createCel],
  ['circuit-breaker', createCircuitBreaker],
  ['concurrency-limit', createConcurrencyLimit],
  ['correlation-id', createCorrelationId],
  ['cors', createCors],
  ['http-log', createHttpLog],
  ['ip-restriction', createIpRestriction],
  ['jwt-auth', createJwtAuth],
  ['observability', createObservability],
  ['rate-limit', createRateLimit],
  ['redirect', createRedirect],
  ['request-size-limit', createRequestSizeLimit],
  ['request-transformer', createRequestTransformer],
  ['response-transformer', createResponseTransformer],
  ['retry', createRetry],
])

/** True for a middleware that this version of the gateway has itself. */
export function isNativeMiddleware(name: string): boolean {
  return factories.has(name)
}

const MAX_CACHE_BYTES = 64 * 1024 * 1024

/**
 * Makes the native middlewares of a configuration; those of the same configuration on routes of the same parameters are
 * one, so that a chain at the root does not cost a copy an operation.
 */
export function createMiddlewares(
  maxCacheBytes = MAX_CACHE_BYTES,
): (use: PluginUse & { readonly route: string }, context: MiddlewareContext) => BuiltMiddleware {
  const schemas = new Map<string, Validate>()
  const built = new Map<string, BuiltMiddleware>()
  // What a service said under another description is not kept beyond a reload.
  const responses = new ResponseStore(maxCacheBytes)
  return ({ route, name, config }, context) => {
    const key = `${name}\0${context.captureNames.join('/')}\0${canonicalJson(config)}`
    const known = built.get(key)
    if (known !== undefined) return known
    const schema = builtins.get(name)?.config as JsonObject
    const validate = schemas.get(name) ?? compileSchema(schema)
    schemas.set(name, validate)
    const [fault] = validate(config) ?? []
    if (fault !== undefined) {
      const reason = `${fault.pointer === '' ? 'it' : fault.pointer} ${fault.reason}`
      throw problems.BCN_MIDDLEWARE_CONFIG({ route, middleware: name, reason })
    }
    try {
      const middleware = (factories.get(name) as MiddlewareFactory)(withDefaults(schema, config), {
        ...context,
        responses,
      })
      built.set(key, middleware)
      return middleware
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw problems.BCN_MIDDLEWARE_CONFIG(
        { route, middleware: name, reason: error.message },
        { cause: error },
      )
    }
  }
}
