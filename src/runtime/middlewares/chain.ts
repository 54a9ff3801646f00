import { builtins, type JsonObject, type PluginUse } from '../../domain/index.ts'
import type { Handler, Middleware } from '../pipeline/handler.ts'
import type { Stage as MeasuredStage } from '../telemetry/index.ts'
import { createMiddlewares, isNativeMiddleware } from './create-middlewares.ts'
import type { BuiltMiddleware, MiddlewareContext } from './middleware.ts'

/** The middlewares of a route around its validation; each stage in the order of the description. */
export interface Chain {
  /** What runs before the request is validated. */
  readonly access: Middleware
  /** What runs after it. */
  readonly content: Middleware
  readonly preflight: Handler | undefined
}

export interface ChainPlace {
  /** The route, for messages. */
  readonly label: string
  readonly captureNames: readonly string[]
}

/** A middleware of a route, its configuration with and without its secrets. */
export interface MiddlewareUse extends PluginUse {
  readonly declared: JsonObject
}

/** Makes middlewares of the plugins of the artifact. */
export type CreatePlugin = (
  use: PluginUse,
  place: { readonly route: string; readonly captureNames: readonly string[]; readonly declared: JsonObject },
) => BuiltMiddleware

/** Makes the chains of the routes of one artifact. */
export function createChains(
  context: Omit<MiddlewareContext, 'captureNames'>,
  createPlugin: CreatePlugin,
): {
  /** @throws {ProblemError} BCN_MIDDLEWARE_CONFIG, BCN_PLUGIN_REFUSED, BCN_PLUGIN_CONFIG */
  readonly createChain: (uses: readonly MiddlewareUse[], place: ChainPlace) => Chain
  /** Where the middlewares made so far send requests of their own. */
  readonly origins: () => readonly string[]
  /** Gets what their first requests would have to wait for. */
  readonly warm: () => Promise<void>
} {
  const create = createMiddlewares()
  const origins = new Set<string>()
  const warmings = new Set<() => Promise<void>>()
  return {
    origins: () => [...origins],
    warm: async () => void (await Promise.all([...warmings].map((warm) => warm()))),
    createChain: (uses, { label, captureNames }) => {
      const built = uses.map((use) => ({
        stage: stageOf(use.name),
        measured: context.metrics.stages.middleware(use.name),
        middleware: isNativeMiddleware(use.name)
          ? create({ ...use, route: label }, { ...context, captureNames })
          : createPlugin(use, { route: label, captureNames, declared: use.declared }),
      }))
      for (const { middleware } of built) {
        for (const origin of middleware.origins ?? []) origins.add(origin)
        if (middleware.warm !== undefined) warmings.add(middleware.warm)
      }
      const stage = (wanted: Stage) =>
        composeChain(
          built
            .filter((one) => one.stage === wanted)
            .map(({ middleware, measured }) => measuring(middleware, measured)),
        )
      const preflight = built.find(({ middleware }) => middleware.preflight !== undefined)
      return {
        access: stage('access'),
        content: stage('content'),
        preflight: preflight?.middleware.preflight,
      }
    },
  }
}

type Stage = 'access' | 'content'

function stageOf(name: string): Stage {
  const builtin = builtins.get(name)
  return builtin?.type === 'middleware' ? builtin.stage : 'content'
}

/** A middleware that says when a request comes to it. */
function measuring(middleware: BuiltMiddleware, stage: MeasuredStage): BuiltMiddleware {
  return {
    ...middleware,
    handle: (next) => {
      const handle = middleware.handle(next)
      return (exchange) => {
        exchange.enter(stage)
        handle(exchange)
      }
    },
  }
}

/** The middlewares as one; the first of the list sees a request first. */
export function composeChain(chain: readonly BuiltMiddleware[]): Middleware {
  return (last) => chain.reduceRight<Handler>((next, { handle }) => handle(next), last)
}
