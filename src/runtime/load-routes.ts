import type { Artifact } from '../artifact/index.ts'
import { entryPathOf, OPTIONS_PATH, type CompiledPlan, type Route } from '../domain/index.ts'
import {
  createDispatchers,
  isDispatcher,
  type DeliveryQueues,
  type TargetGroups,
  type Upstreams,
} from './dispatchers/index.ts'
import { originFault } from './http/index.ts'
import { createChains, isNativeMiddleware, type MiddlewareState, type Outbound } from './middlewares/index.ts'
import {
  captureNamesOf,
  inspectResponses,
  prepareRoute,
  type Handler,
  type PreparedRoute,
} from './pipeline/index.ts'
import { runtimeProblems as problems } from './problems.ts'
import type { RuntimeHost } from './runtime-host.ts'
import { createSecretResolver } from './secrets.ts'
import type { GatewayMetrics, Logger, Stage } from './telemetry/index.ts'
import type { Validators } from './validate/index.ts'
import type { Plugins } from './wasm/index.ts'

export interface RouteContext {
  readonly host: RuntimeHost
  readonly log: Logger
  readonly metrics: GatewayMetrics
  readonly upstreams: Upstreams
  readonly targetGroups: TargetGroups
  readonly deliveryQueues: DeliveryQueues
  readonly validators: Validators
  readonly dev: boolean
  readonly maxBodyBytes: number
  readonly middlewareState: MiddlewareState
  readonly outbound: Outbound
  readonly plugins: Plugins
  /** The folder that `file://` references to secrets may lead into. */
  readonly secretsDir: string
}

export interface LoadedRoutes {
  readonly routes: readonly PreparedRoute[]
  /** Where middlewares send requests of their own. */
  readonly origins: readonly string[]
  /** Gets what the first requests of middlewares would have to wait for. */
  readonly warm: () => Promise<void>
}

/**
 * Prepares the routes of a plan: refuses what this version cannot run, resolves secrets, makes dispatchers and chains.
 *
 * @param titles what the descriptions are called, by path
 * @throws {ProblemError} BCN_PLUGIN_UNSUPPORTED, BCN_SECRET_UNRESOLVED, BCN_DISPATCH_CONFIG, BCN_MIDDLEWARE_CONFIG,
 * BCN_PLUGIN_REFUSED, BCN_PLUGIN_CONFIG
 */
export function loadRoutes(
  plan: CompiledPlan,
  titles: ReadonlyMap<string, string>,
  context: RouteContext,
): LoadedRoutes {
  const { plugins } = context
  refuseUnsupported(plan.routes, plugins)
  const secrets = createSecretResolver(context.host.env, context.secretsDir)
  const resolved = plan.routes.map((route) => ({
    dispatch: secrets.resolve(route.dispatch.config, labelOf(route)),
    middlewares: route.middlewares.map(({ name, config }) => ({
      name,
      declared: config,
      config: secrets.resolve(config, `the middleware ${name} of ${labelOf(route)}`),
    })),
  }))
  secrets.finish()
  const createDispatcher = createDispatchers()
  const { createChain, origins, warm } = createChains(
    { ...context, state: context.middlewareState },
    plugins.createMiddleware,
  )
  const routes = plan.routes.map((route, index) => {
    const { dispatch, middlewares } = resolved[index] as (typeof resolved)[number]
    const captureNames = captureNamesOf(route.path)
    const { name, config: declared } = route.dispatch
    const dispatcher = isDispatcher(name)
      ? createDispatcher(
          { route: labelOf(route), name, config: dispatch },
          { ...context, captureNames, examples: route.mock_examples },
        )
      : plugins.createDispatcher(
          { name, config: dispatch },
          { route: labelOf(route), captureNames, declared },
        )
    const { validators, log, maxBodyBytes, dev } = context
    const parts = {
      plan: { schemas: plan.schemas, validators },
      metrics: context.metrics.forOperation(route.method, route.path, {
        api: titles.get(route.spec) ?? route.spec,
        deprecated: route.deprecated,
      }),
    }
    const chain = createChain(middlewares, { label: labelOf(route), captureNames })
    const dispatching = measuredDispatcher(dispatcher, context.metrics.stages.dispatch(name))
    const inspected = inspectResponses(dispatching, { ...route, ...parts, log, maxBodyBytes, dev })
    return prepareRoute(route, {
      ...parts,
      validate: context.metrics.stages.validate,
      access: chain.access,
      handle: chain.content(inspected),
      preflight: chain.preflight,
    })
  })
  return { routes, origins: origins(), warm }
}

function measuredDispatcher(dispatcher: Handler, stage: Stage): Handler {
  return (exchange) => {
    exchange.enter(stage)
    dispatcher(exchange)
  }
}

/**
 * Upstreams at addresses where no service of an API is.
 *
 * @throws {ProblemError} BCN_UPSTREAM_ADDRESS
 */
export function checkAddresses(origins: readonly string[]): void {
  const reasons = origins.flatMap((origin) => originFault(origin) ?? [])
  if (reasons.length > 0) throw problems.BCN_UPSTREAM_ADDRESS({ reasons })
}

/**
 * Upstreams without TLS need two consents: of whoever compiled, and of whoever starts the gateway.
 *
 * @throws {ProblemError} BCN_UPSTREAM_PLAINTEXT
 */
export function checkPlaintext(origins: readonly string[], artifact: Artifact, allowed: boolean): void {
  const upstreams = origins.filter((origin) => origin.startsWith('http:'))
  if (upstreams.length === 0) return
  const compiled = wasCompiledForPlaintext(artifact)
  if (!compiled || !allowed) throw problems.BCN_UPSTREAM_PLAINTEXT({ upstreams, compiled })
}

/** The consent of whoever compiled. */
export function wasCompiledForPlaintext(artifact: Artifact): boolean {
  const options = artifact.entries.get(entryPathOf({ kind: 'option', path: OPTIONS_PATH }))
  if (options === undefined) return false
  return (JSON.parse(options.toString()) as Record<string, unknown>)['allow_plaintext'] === true
}

function refuseUnsupported(routes: readonly Route[], plugins: Plugins): void {
  const uses = routes.flatMap((route) => [
    ...route.middlewares
      .filter(({ name }) => !isNativeMiddleware(name) && !plugins.has(name))
      .map(({ name }) => `${labelOf(route)} uses the middleware ${name}`),
    ...(isDispatcher(route.dispatch.name) || plugins.has(route.dispatch.name)
      ? []
      : [`${labelOf(route)} uses the dispatcher ${route.dispatch.name}`]),
  ])
  if (uses.length > 0) throw problems.BCN_PLUGIN_UNSUPPORTED({ uses })
}

function labelOf({ method, path }: Route): string {
  return `${method} ${path}`
}
