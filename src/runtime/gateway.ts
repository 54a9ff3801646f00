import type { Artifact } from '../artifact/index.ts'
import type { Manifest } from '../domain/index.ts'
import {
  listenAdmin,
  type AdminListener,
  type NodeIdentity,
  type Readiness,
  type ReloadCall,
  type SignatureStatus,
  type WorkerReport,
} from './admin/index.ts'
import { loadConfiguration, type ConfigurationContext } from './configuration.ts'
import { Configurations, type PreparedConfiguration, type VerifiedArtifact } from './configurations.ts'
import type { GroupStatus } from './dispatchers/index.ts'
import {
  listenHttp,
  type HttpLimits,
  type HttpListener,
  type ListenAddress,
  type RefusalHandler,
  type ProxyTrust,
} from './http/index.ts'
import { acceptHttp2 } from './http2/index.ts'
import type { WindowCounter } from './limits/index.ts'
import { createMiddlewareState, type WorkerShare } from './middlewares/index.ts'
import { STANDARD_HEADERS } from './pipeline/index.ts'
import type { RuntimeHost } from './runtime-host.ts'
import {
  addConfigurationMetrics,
  createGatewayMetrics,
  type GatewayMetrics,
  type Logger,
  type Tracing,
  type Sample,
} from './telemetry/index.ts'
import { followCertificates, loadServerTls, type ServerTlsOptions } from './tls/index.ts'

export interface GatewayOptions {
  readonly artifact: Artifact
  /** The file the artifact was read from; its digest is part of the provenance. */
  readonly artifactPath: string | null
  /** What was found of the artifact's signature; unsigned unless given. */
  readonly signature?: SignatureStatus | undefined
  /** Named as the machine and without a key, unless given. */
  readonly identity?: NodeIdentity
  readonly listen: ListenAddress
  /** Certificates of the public listener; without them it speaks plain HTTP. */
  readonly tls?: ServerTlsOptions | undefined
  /** HTTP/2 without TLS, to clients that begin with it. */
  readonly allowsPlainHttp2: boolean
  /** Null for no admin listener. */
  readonly adminBind: ListenAddress | null
  /** Certificate of the admin listener; without it it speaks plain HTTP. */
  readonly adminTls?: ServerTlsOptions | undefined
  /** Who may ask the admin listener; whoever reaches it, unless given. */
  readonly adminToken?: string | undefined
  readonly limits: HttpLimits
  readonly dev: boolean
  readonly allowPlaintextUpstream: boolean
  /** Names of upstreams may stand for private addresses. */
  readonly allowPrivateUpstreams: boolean
  /** Whose `X-Forwarded-…` are believed. */
  readonly proxyTrust: ProxyTrust
  /** Where there is a collector of traces; it is closed with the gateway. */
  readonly tracing?: Tracing | undefined
  /** The folder that `file://` references to secrets may lead into. */
  readonly secretsDir: string
  /** The version of this program. */
  readonly version: string
  readonly log: Logger
  /** Which this is of the processes that serve for a node; the only one unless given. */
  readonly share?: WorkerShare
  /** Counts for `rate-limit` together with other processes; alone unless given. */
  readonly windows?: WindowCounter
  /** How long requests may go on with a configuration that was replaced; as long as they last, unless given. */
  readonly retireTimeoutMs?: number
  /** Undefined where nobody may reload by a call. */
  readonly reloadCall?: ReloadCall | undefined
  readonly host: RuntimeHost
}

/** A running gateway. */
export interface Gateway {
  readonly publicAddress: ListenAddress
  readonly adminAddress: ListenAddress | null
  readonly manifest: Manifest
  readonly metrics: GatewayMetrics
  /** What serves. */
  readonly running: () => Artifact
  readonly readiness: () => Readiness
  /**
   * Loads another configuration beside the one that serves; requests in flight finish on the one they began with.
   *
   * @throws {ProblemError} as {@link startGateway}; the gateway goes on as before.
   */
  readonly prepare: (verified: VerifiedArtifact) => Promise<PreparedConfiguration>
  /**
   * Replaces the configuration at once, with what is not compiled yet left for later.
   *
   * @throws {ProblemError} as {@link startGateway}; the gateway goes on as before.
   */
  readonly reload: (artifact: Artifact) => void
  /** Resolves when the first artifact has warmed up; to false where it cannot be compiled, so that it is never ready. */
  readonly warmed: () => Promise<boolean>
  /** The services that it forwards to, as they are at this moment. */
  readonly targetGroups: () => readonly object[]
  /** What there is of configurations. */
  readonly report: () => WorkerReport
  /**
   * Reads the certificates of the listeners again. Never fails: where one cannot be used, those before stay and the
   * log says why.
   */
  readonly reloadCertificates: () => Promise<void>
  /** Wants no requests any more and says so; connections end with the answer they are at. */
  readonly endConnections: () => void
  /** Stops accepting, drains for at most this time, and resolves to false where requests had to be cut off. */
  readonly close: (graceMs: number) => Promise<boolean>
}

/**
 * Loads a verified artifact and serves it.
 *
 * @throws {ProblemError} BCN_ARTIFACT_PLAN, BCN_PLUGIN_UNSUPPORTED, BCN_SECRET_UNRESOLVED, BCN_DISPATCH_CONFIG,
 * BCN_MIDDLEWARE_CONFIG, BCN_UPSTREAM_ADDRESS, BCN_UPSTREAM_PLAINTEXT, BCN_ROUTE_CONFLICT, BCN_TLS_…, BCN_LISTEN_…
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { host, log, limits } = options
  const identity = options.identity ?? { name: host.hostname, key: null }
  const startedAtMs = host.nowMs()
  const tls = options.tls && (await loadServerTls(options.tls))
  let isDraining = false
  let isWarm = false
  let listener: HttpListener | undefined
  const metrics = createGatewayMetrics(
    {
      activeConnections: () => listener?.connections() ?? 0,
      targets: () => targetSamples(configurations.active.targetGroups()),
      build: () => ({
        artifact_hash: configurations.active.artifact.manifest.artifact_hash,
        version: options.version,
      }),
    },
    host,
  )
  const context: ConfigurationContext = {
    ...options,
    metrics,
    maxBodyBytes: limits.maxBodyBytes,
    middlewareState: createMiddlewareState(options.windows, options.share),
  }
  const load = ({ artifact, path, signature }: VerifiedArtifact) =>
    loadConfiguration(artifact, path, context, signature)
  const { artifact, artifactPath, signature } = options
  const { cutOff } = addConfigurationMetrics(metrics.registry, () => configurations.retiredCount)
  const { retireTimeoutMs = Infinity } = options
  const configurations: Configurations = new Configurations(
    { artifact, path: artifactPath, signature },
    { load, retireTimeoutMs, cutOff, log },
  )
  // The first configuration itself is not to be kept.
  const firstWarmed = configurations.active.warmed
  const warm = async () => {
    const faults = await firstWarmed
    isWarm = faults.length === 0
    return isWarm
  }
  const warming = warm()
  const report = () => ({
    worker: options.share?.index ?? 0,
    pid: host.pid,
    configurations: configurations.report(),
  })
  const readiness = (): Readiness =>
    isDraining ? 'draining' : listener === undefined || !isWarm ? 'warming' : 'ready'
  let admin: AdminListener | null = null
  try {
    admin = await listenAdmin(options, host, {
      current: () => configurations.active,
      workers: () => [report()],
      readiness,
      reloadCall: options.reloadCall,
      targetGroups: () => configurations.active.targetGroups(),
      renderMetrics: () => metrics.registry.render(),
      node: { identity, version: options.version, startedAtMs },
      nowMs: host.nowMs,
      monotonicMs: host.monotonicMs,
      log,
    })
    listener = await listenHttp({
      address: options.listen,
      limits,
      tls,
      acceptHttp2,
      allowsPlainHttp2: options.allowsPlainHttp2,
      headers: STANDARD_HEADERS,
      clock: host,
      onConnection: () => metrics.connectionsTotal.increment(),
      onDrop: () => metrics.connectionsRefused.increment(),
      onRefused: refusalRecorder(metrics, log),
      onRequest: (request, reply) => configurations.active.onRequest(request, reply),
    })
  } catch (error) {
    await Promise.all([admin?.close(), configurations.close(0)])
    throw error
  }
  const [publicListener, adminListener] = [listener, admin]
  const certificates = tls && options.tls && followCertificates(tls, options.tls, { log, nowMs: host.nowMs })
  return {
    publicAddress: publicListener.address,
    adminAddress: adminListener?.address ?? null,
    get manifest() {
      return configurations.active.artifact.manifest
    },
    metrics,
    running: () => configurations.active.artifact,
    readiness,
    reload: (next) => configurations.replace({ artifact: next, path: artifactPath }),
    prepare: (verified) => configurations.prepare(verified),
    report,
    warmed: () => warming,
    targetGroups: () => configurations.active.targetGroups(),
    endConnections: () => {
      isDraining = true
      publicListener.endConnections()
    },
    reloadCertificates: async () => {
      await Promise.all([certificates?.reload(), adminListener?.reloadCertificates()])
    },
    close: async (graceMs) => {
      isDraining = true
      certificates?.stop()
      const startedMs = host.monotonicMs()
      const whole = await publicListener.close(graceMs)
      const leftMs = Math.max(0, graceMs - (host.monotonicMs() - startedMs))
      const isDrained = await configurations.close(leftMs)
      await adminListener?.close()
      await options.tracing?.close()
      return whole && isDrained
    },
  }
}

function targetSamples(groups: readonly GroupStatus[]): readonly Sample[] {
  return groups.flatMap(({ id, targets }) =>
    targets.map(({ url, state }) => ({
      labels: { group: id, target: url },
      value: state === 'up' ? 1 : 0,
    })),
  )
}

/** What the engine refuses by itself is counted and logged, too; of the request nothing is known. */
function refusalRecorder(metrics: GatewayMetrics, log: Logger): RefusalHandler {
  return (fault, status, remote) => {
    metrics.forOther('', 'refused').observe(status, 0, 0, 0)
    if (log.isEnabled('info')) log.log('info', 'request refused', { status, reason: fault, remote })
  }
}
