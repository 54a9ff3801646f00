import { once } from 'node:events'
import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import { publicKeyId } from '../domain/index.ts'
import { createDiskDigest } from './admin/index.ts'
import { readArtifact, type AcceptArtifact } from './artifact-source.ts'
import { startGateway, type Gateway } from './gateway.ts'
import { formatAddress } from './http/index.ts'
import { loadNodeIdentity } from './load-node-identity.ts'
import { readToken } from './read-token.ts'
import { createReloader, followArtifact, type Reloader } from './reload/index.ts'
import type { RuntimeHost } from './runtime-host.ts'
import { parseServeOptions, type ServeOptions } from './serve-options.ts'
import type { GatheredSettings } from './settings/index.ts'
import { createLogger, createNodeMetrics, type Logger, type Tracing } from './telemetry/index.ts'
import type { ServerTlsOptions } from './tls/index.ts'

/** How often the file of the artifact is looked at. */
const WATCH_INTERVAL_MS = 1000

/**
 * Serves an artifact until the host's signal is aborted, then drains. Resolves to false where requests had to be cut
 * off because the time to drain was over.
 *
 * @param accept judges the very bytes that are served, at the start and at every reload
 * @throws {ProblemError} BCN_SERVE_OPTION, BCN_NODE_KEY_…, BCN_ARTIFACT_…, or what {@link startGateway} and `accept` throw.
 */
export async function runGateway(
  { flags, nameOf }: GatheredSettings,
  host: RuntimeHost,
  version: string,
  accept?: AcceptArtifact,
): Promise<boolean> {
  const options = parseServeOptions(flags, nameOf)
  const keyPath = flags['node-key'] && resolve(host.cwd, flags['node-key'])
  const identity = await loadNodeIdentity({ name: flags['node-name'], keyPath }, host.hostname)
  const tokenOf = (name: 'admin-token' | 'reload-token') => {
    const reference = flags[name]
    const secrets = { option: nameOf(name), env: host.env, secretsDir: options.secretsDir }
    return reference ? readToken(reference, secrets) : undefined
  }
  const [adminToken, token] = [tokenOf('admin-token'), tokenOf('reload-token')]
  const path = resolve(host.cwd, flags.artifact)
  const { artifact, signature } = await readArtifact(path, accept)
  const { logLevel: level, logFormat: format } = options
  const log = createLogger({ level, format, nowMs: host.nowMs, write: host.writeLog })
  const tracing =
    options.traces && (await startTracing(options.traces, { node: identity.name, version }, host, log))
  // Whoever calls before the gateway has started waits for it.
  const started = Promise.withResolvers<Reloader>()
  const gateway = await startGateway({
    ...options,
    tracing,
    tls: options.tls && withAbsolutePaths(options.tls, host.cwd),
    adminTls: options.adminTls && withAbsolutePaths(options.adminTls, host.cwd),
    adminToken,
    artifact,
    artifactPath: path,
    identity,
    version,
    log,
    host,
    signature,
    reloadCall:
      token !== undefined
        ? { token, reload: async () => (await started.promise).reload('admin') }
        : undefined,
  })
  const reloader = createReloader({
    log,
    metrics: createNodeMetrics(gateway.metrics.registry, host.nowMs),
    replace: async () => {
      const next = await readArtifact(path, accept)
      const prepared = await gateway.prepare(next)
      prepared.activate()
      return { artifact_hash: next.artifact.manifest.artifact_hash, artifact_digest: next.artifact.digest }
    },
  })
  started.resolve(reloader)
  log.announce('listening', {
    address: formatAddress(gateway.publicAddress),
    scheme: options.tls === undefined ? 'http' : 'https',
    admin: gateway.adminAddress === null ? null : formatAddress(gateway.adminAddress),
    ...(options.adminTls && { admin_scheme: 'https' }),
    artifact_hash: gateway.manifest.artifact_hash,
    routes: gateway.manifest.routes_count,
    node: identity.name,
    ...(identity.key && { node_key: publicKeyId(identity.key.publicKey) }),
  })
  const unfollow = followFiles({ path, isWatched: options.watchesArtifact, gateway, reloader, host, log })
  if (!host.signal.aborted) await once(host.signal, 'abort')
  unfollow()
  const { drainDelayMs, shutdownTimeoutMs } = options
  log.announce('draining', {
    delay_seconds: drainDelayMs / 1000,
    timeout_seconds: shutdownTimeoutMs / 1000,
  })
  gateway.endConnections()
  if (drainDelayMs > 0) await setTimeout(drainDelayMs)
  const whole = await gateway.close(shutdownTimeoutMs)
  log.announce('stopped', { cut_off: !whole })
  log.flush()
  return whole
}

interface Followed {
  readonly path: string
  readonly isWatched: boolean
  readonly gateway: Gateway
  readonly reloader: Reloader
  readonly host: RuntimeHost
  readonly log: Logger
}

/** Loads files again when the process is told to, and the artifact when it has changed. */
function followFiles({ path, isWatched, gateway, reloader, host, log }: Followed): () => void {
  // The reloader has logged why.
  const reload = () => void reloader.reload('signal').catch(() => undefined)
  host.onHangup(() => {
    void gateway.reloadCertificates()
    reload()
  })
  if (!isWatched) return reloader.stop
  const onDisk = createDiskDigest(host)
  const unwatch = followArtifact({
    onDisk: () => onDisk(path),
    running: () => gateway.digest(),
    reload: () => reloader.reload('watch'),
    schedule: (look) => {
      const timer = globalThis.setTimeout(look, WATCH_INTERVAL_MS).unref()
      return () => clearTimeout(timer)
    },
    fail: (error) =>
      log.log('error', 'the file of the artifact cannot be watched', { reason: String(error) }),
  })
  return () => {
    unwatch()
    reloader.stop()
  }
}

// Loaded late: a gateway without a collector starts without what speaks to one.
async function startTracing(
  traces: NonNullable<ServeOptions['traces']>,
  { node, version }: { readonly node: string; readonly version: string },
  host: RuntimeHost,
  log: Logger,
): Promise<Tracing> {
  const { createOtlpTracing } = await import('./telemetry/tracing/otlp-tracing.ts')
  return createOtlpTracing({ ...traces, nodeName: node, version }, host, log)
}

function withAbsolutePaths(tls: ServerTlsOptions, cwd: string): ServerTlsOptions {
  const certificates = tls.certificates.map(({ certPath, keyPath }) => ({
    certPath: resolve(cwd, certPath),
    keyPath: resolve(cwd, keyPath),
  }))
  const clientCaPath = tls.clientCaPath === undefined ? undefined : resolve(cwd, tls.clientCaPath)
  return { ...tls, certificates, clientCaPath }
}
