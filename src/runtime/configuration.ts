import type { ProxyTrust } from './http/proxy-trust.ts'
import { loadPlan, type Artifact } from '../artifact/index.ts'
import type { SignatureStatus } from './admin/index.ts'
import {
  createDeliveryQueues,
  createTargetGroups,
  createUpstreams,
  type GroupStatus,
} from './dispatchers/index.ts'
import type { GatewayRequest, Reply } from './http/index.ts'
import { checkAddresses, checkPlaintext, loadRoutes, wasCompiledForPlaintext } from './load-routes.ts'
import { createOutbound, type MiddlewareState } from './middlewares/index.ts'
import { createPipeline, Exchange, requestIdOf, type Routed } from './pipeline/index.ts'
import { RequestsInFlight } from './requests-in-flight.ts'
import { reservedPaths } from './reserved/index.ts'
import { createRouter } from './router/index.ts'
import type { RuntimeHost } from './runtime-host.ts'
import {
  createAccessLog,
  type AccessLog,
  type GatewayMetrics,
  type Logger,
  type Tracing,
} from './telemetry/index.ts'
import { createValidators } from './validate/index.ts'
import { createPluginCache, createPluginHttp, createPluginUpgrade, loadPlugins } from './wasm/index.ts'

export interface ConfigurationContext {
  readonly host: RuntimeHost
  readonly log: Logger
  readonly metrics: GatewayMetrics
  readonly dev: boolean
  readonly allowPlaintextUpstream: boolean
  /** Names of upstreams may stand for private addresses. */
  readonly allowPrivateUpstreams: boolean
  readonly maxBodyBytes: number
  readonly proxyTrust: ProxyTrust
  /** Where there is a collector of traces. */
  readonly tracing?: Tracing | undefined
  /** What middlewares keep across reloads. */
  readonly middlewareState: MiddlewareState
  /** The folder that `file://` references to secrets may lead into. */
  readonly secretsDir: string
}

/** Everything that one artifact determines; replaced as a whole, never changed. */
export interface Configuration {
  readonly artifact: Artifact
  readonly artifactPath: string | null
  readonly loadedAtMs: number
  readonly signature: SignatureStatus
  /** The services that it forwards to, as they are at this moment. */
  readonly targetGroups: () => readonly GroupStatus[]
  readonly onRequest: (request: GatewayRequest, reply: Reply) => void
  /** Resolves when all is compiled, and got what its first requests would wait for; to what could not be compiled. */
  readonly warmed: Promise<readonly Error[]>
  readonly requestsInFlight: () => number
  /**
   * Ends what it does in the background once the last request is done. Resolves to false where what was answered and is
   * still to be forwarded has taken too long.
   */
  readonly retire: (ending: Ending) => Promise<boolean>
}

/** How a configuration that is not used any more ends. */
export interface Ending {
  /** Requests that last longer are cut off; Infinity for as long as they want. */
  readonly requestsMs: number
  /** What was answered and is still to be forwarded has this time after the last request. */
  readonly deliveriesMs: number
  /** Told how many requests were cut off, where there were any. */
  readonly onCutOff: (requests: number) => void
}

const UNROUTED: Routed = { route: null, template: 'unmatched' }

/** The status that logs and metrics give to a request whose client left before an answer. */
const CLIENT_GONE = 499

/**
 * Loads a verified artifact.
 *
 * @throws {ProblemError} when this version of the gateway, or this machine, cannot serve it.
 */
export function loadConfiguration(
  artifact: Artifact,
  artifactPath: string | null,
  context: ConfigurationContext,
  signature: SignatureStatus = { status: 'unsigned' },
): Configuration {
  const services = createServices(context)
  try {
    return loadWith(services, { artifact, artifactPath, signature }, context)
  } catch (error) {
    // Nothing of what is refused stays behind, however often it is tried.
    void services.close()
    throw error
  }
}

/** What a configuration talks to. */
function createServices({ host, log, metrics, allowPrivateUpstreams }: ConfigurationContext) {
  const upstreams = createUpstreams({
    metricsOf: metrics.forUpstream,
    monotonicMs: host.monotonicMs,
    allowsPrivate: allowPrivateUpstreams,
  })
  const deliveryQueues = createDeliveryQueues(log, metrics)
  const targetGroups = createTargetGroups({ upstreams, host, log })
  const outbound = createOutbound()
  return {
    upstreams,
    deliveryQueues,
    targetGroups,
    outbound,
    close: () => {
      targetGroups.close()
      upstreams.close()
      return outbound.close()
    },
  }
}

function loadWith(
  services: ReturnType<typeof createServices>,
  { artifact, artifactPath, signature }: Pick<Configuration, 'artifact' | 'artifactPath' | 'signature'>,
  context: ConfigurationContext,
): Configuration {
  const { host, log, metrics, tracing } = context
  const { upstreams, deliveryQueues, targetGroups } = services
  const accessLog = createAccessLog(log)
  const plan = loadPlan(artifact)
  const validators = createValidators(plan.schemas, plan.guarded_patterns)
  const calls = {
    upstreams,
    allowsPrivate: context.allowPrivateUpstreams,
    allowsPlaintext: context.allowPlaintextUpstream && wasCompiledForPlaintext(artifact),
  }
  const plugins = loadPlugins(artifact, {
    ...context,
    metrics: metrics.plugins,
    cache: createPluginCache(host.monotonicMs),
    windows: context.middlewareState.rateLimits,
    http: createPluginHttp(calls),
    upgrade: createPluginUpgrade(calls),
  })
  const {
    routes,
    origins,
    warm: warmMiddlewares,
  } = loadRoutes(plan, titlesOf(artifact), {
    ...context,
    ...services,
    validators,
    plugins,
  })
  const contacted = [...upstreams.origins(), ...origins]
  checkAddresses(contacted)
  checkPlaintext(contacted, artifact, context.allowPlaintextUpstream)
  // A gateway that fails says so once, and only where the client has not been answered.
  const fail = (exchange: Exchange, error: Error) => {
    log.log('error', 'request failed', { reason: String(error.stack), request_id: exchange.requestId })
    if (exchange.status !== 0) return
    exchange.problem('internal-error', context.dev ? { detail: error.message } : undefined)
  }
  const pipeline = createPipeline({
    router: createRouter(routes),
    reserved: reservedPaths(artifact, log),
  })
  const scope = { fail, maxBodyBytes: context.maxBodyBytes }
  const proxies = context.proxyTrust
  const retired = new AbortController()
  const inFlight = new RequestsInFlight()
  const warm = async () => {
    const faults: Error[] = []
    const compiled = validators.warm(retired.signal, (error) => {
      log.log('error', 'a schema cannot be compiled', { reason: error.message })
      faults.push(error)
    })
    await Promise.all([compiled, warmMiddlewares()])
    return faults
  }
  targetGroups.start()
  return {
    artifact,
    artifactPath,
    targetGroups: targetGroups.status,
    loadedAtMs: host.nowMs(),
    signature,
    warmed: warm(),
    requestsInFlight: () => inFlight.count,
    onRequest: (request, reply) => {
      const startedMs = host.monotonicMs()
      const exchange = new Exchange(request, reply, requestIdOf(request.headers, host.randomId), scope)
      if (tracing !== undefined) exchange.trace = tracing.begin(request, startedMs)
      exchange.enterAt(metrics.stages.route, startedMs)
      exchange.isFromProxy = proxies.trusts(request.remoteAddress)
      exchange.clientAddress = proxies.clientOf(request.remoteAddress, request.headers)
      let routed = UNROUTED
      let isHandled = false
      let isClosed = false
      const finish = () => {
        inFlight.end(number)
        record(exchange, routed, { startedMs, endMs: host.monotonicMs(), metrics, accessLog })
      }
      const number = inFlight.begin(reply)
      // What can be answered at once is over before it is known what it was.
      exchange.onClose(() => {
        isClosed = true
        if (isHandled) finish()
      })
      try {
        routed = pipeline(exchange)
      } catch (error) {
        exchange.fail(error as Error)
      }
      isHandled = true
      if (isClosed) finish()
    },
    retire: async ({ requestsMs, deliveriesMs, onCutOff }) => {
      // An error as the reason would keep its stack, and with it the configuration that comes next.
      retired.abort('retired')
      targetGroups.close()
      const cutOff = await inFlight.drain(requestsMs)
      if (cutOff > 0) onCutOff(cutOff)
      const isDrained = await deliveryQueues.drain(deliveriesMs)
      await services.close()
      return isDrained
    },
  }
}

function record(
  exchange: Exchange,
  { route, template }: Routed,
  {
    startedMs,
    endMs,
    metrics,
    accessLog,
  }: {
    readonly startedMs: number
    readonly endMs: number
    readonly metrics: GatewayMetrics
    readonly accessLog: AccessLog
  },
): void {
  const { request } = exchange
  const { method, path, query, headers } = request
  const status = exchange.refusedStatus || exchange.status || CLIENT_GONE
  const measured = route?.metrics ?? metrics.forOther(method, template)
  const requestBytes = request.receivedBytes ?? 0
  const { responseBytes, clientAddress, trace } = exchange
  const durationMs = endMs - startedMs
  measured.observe(status, durationMs / 1000, requestBytes, responseBytes)
  accessLog({
    method,
    path,
    query,
    route: template,
    status,
    durationMs,
    requestBytes,
    responseBytes,
    remote: clientAddress,
    requestId: exchange.requestId,
    traceId: trace?.traceId,
    headers,
  })
  trace?.end({ status, route: template, clientAddress, endMs })
}

function titlesOf({ manifest }: Artifact): ReadonlyMap<string, string> {
  return new Map(manifest.source_specs.map(({ path, title }) => [path, title]))
}
