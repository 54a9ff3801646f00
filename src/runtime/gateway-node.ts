import type { Artifact } from '../artifact/index.ts'
import type { NodeIdentity, ReloadCall } from './admin/index.ts'
import type { ReadArtifact } from './artifact-source.ts'
import { startGateway } from './gateway.ts'
import type { ListenAddress } from './http/index.ts'
import type { RuntimeHost } from './runtime-host.ts'
import type { ServeOptions } from './serve-options.ts'
import { startTracing } from './start-tracing.ts'
import type { GatheredSettings } from './settings/index.ts'
import type { Logger, MetricRegistry } from './telemetry/index.ts'
import { withAbsolutePaths } from './tls/index.ts'

/** What a node is started with, whether it serves by itself or by workers. */
export interface NodeOptions {
  readonly settings: GatheredSettings
  readonly serve: ServeOptions
  readonly first: ReadArtifact
  readonly identity: NodeIdentity
  readonly version: string
  readonly log: Logger
  readonly host: RuntimeHost
  readonly adminToken: string | undefined
  readonly reloadCall: ReloadCall | undefined
}

/** What serves for a node: a gateway in this process, or workers. */
export interface GatewayNode {
  readonly publicAddress: ListenAddress
  readonly adminAddress: ListenAddress | null
  /** For what is measured of the node as a whole. */
  readonly registry: MetricRegistry
  readonly running: () => Artifact
  /** Loads an artifact and serves it. @throws {ProblemError} when it cannot be served; all goes on as before. */
  readonly replace: (next: ReadArtifact) => Promise<void>
  readonly reloadCertificates: () => Promise<void>
  /** Wants no requests any more and says so; connections end with the answer they are at. */
  readonly endConnections: () => void
  /** Stops accepting, drains for at most this time, and resolves to false where requests had to be cut off. */
  readonly close: (graceMs: number) => Promise<boolean>
}

/** Serves in this process. @throws {ProblemError} as {@link startGateway} */
export async function startAlone(options: NodeOptions): Promise<GatewayNode> {
  const { serve, first, host, identity, version, log } = options
  const tracing = await startTracing(serve.traces, { node: identity.name, version }, host, log)
  const gateway = await startGateway({
    ...serve,
    ...options,
    tracing,
    tls: serve.tls && withAbsolutePaths(serve.tls, host.cwd),
    adminTls: serve.adminTls && withAbsolutePaths(serve.adminTls, host.cwd),
    artifact: first.artifact,
    artifactPath: first.path,
    signature: first.signature,
  })
  return {
    ...gateway,
    registry: gateway.metrics.registry,
    replace: async (next) => (await gateway.prepare(next)).activate(),
  }
}
