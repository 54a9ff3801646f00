import { once } from 'node:events'
import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import { publicKeyId } from '../domain/index.ts'
import { createDiskDigest } from './admin/index.ts'
import { readArtifact, type AcceptArtifact } from './artifact-source.ts'
import { startAlone, type GatewayNode } from './gateway-node.ts'
import { formatAddress } from './http/index.ts'
import { loadNodeIdentity } from './load-node-identity.ts'
import { readToken } from './read-token.ts'
import { createReloader, followArtifact, type Reloader } from './reload/index.ts'
import type { RuntimeHost } from './runtime-host.ts'
import { parseServeOptions } from './serve-options.ts'
import type { GatheredSettings } from './settings/index.ts'
import { createLogger, createNodeMetrics, type Logger } from './telemetry/index.ts'
import { startWorkers } from './workers/index.ts'

/** What runs the gateway. */
export interface Program {
  readonly version: string
  /** The program that calls {@link runWorker} where `node:cluster` has started it. */
  readonly workerEntry: string
  /** Judges the very bytes that are served, at the start and at every reload. */
  readonly accept?: AcceptArtifact | undefined
}

/** How often the file of the artifact is looked at. */
const WATCH_INTERVAL_MS = 1000

/**
 * Serves an artifact until the host's signal is aborted, then drains. Resolves to false where requests had to be cut
 * off because the time to drain was over.
 *
 * @throws {ProblemError} BCN_SERVE_OPTION, BCN_NODE_KEY_…, BCN_ARTIFACT_…, or what {@link startAlone}, {@link startWorkers} and `accept` throw.
 */
export async function runGateway(
  settings: GatheredSettings,
  host: RuntimeHost,
  { version, workerEntry, accept }: Program,
): Promise<boolean> {
  const { flags, nameOf } = settings
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
  const first = await readArtifact(path, accept)
  const { logLevel: level, logFormat: format, workers: count } = options
  const log = createLogger({ level, format, nowMs: host.nowMs, write: host.writeLog })
  // Whoever calls before the node has started waits for it.
  const started = Promise.withResolvers<Reloader>()
  const reloadCall = token
    ? { token, reload: async () => (await started.promise).reload('admin') }
    : undefined
  const nodeOptions = {
    settings,
    serve: options,
    first,
    identity,
    version,
    log,
    host,
    adminToken,
    reloadCall,
  }
  const node =
    count === 1
      ? await startAlone(nodeOptions)
      : await startWorkers({ ...nodeOptions, count, entry: workerEntry })
  const reloader = createReloader({
    log,
    metrics: createNodeMetrics(node.registry, host.nowMs),
    replace: async () => {
      const next = await readArtifact(path, accept)
      await node.replace(next)
      return { artifact_hash: next.artifact.manifest.artifact_hash, artifact_digest: next.artifact.digest }
    },
  })
  started.resolve(reloader)
  log.announce('listening', {
    address: formatAddress(node.publicAddress),
    scheme: options.tls === undefined ? 'http' : 'https',
    admin: node.adminAddress === null ? null : formatAddress(node.adminAddress),
    ...(options.adminTls && { admin_scheme: 'https' }),
    artifact_hash: first.artifact.manifest.artifact_hash,
    routes: first.artifact.manifest.routes_count,
    node: identity.name,
    ...(count > 1 && { workers: count }),
    ...(identity.key && { node_key: publicKeyId(identity.key.publicKey) }),
  })
  const unfollow = followFiles({ path, isWatched: options.watchesArtifact, node, reloader, host, log })
  if (!host.signal.aborted) await once(host.signal, 'abort')
  unfollow()
  const { drainDelayMs, shutdownTimeoutMs } = options
  log.announce('draining', {
    delay_seconds: drainDelayMs / 1000,
    timeout_seconds: shutdownTimeoutMs / 1000,
  })
  node.endConnections()
  if (drainDelayMs > 0) await setTimeout(drainDelayMs)
  const whole = await node.close(shutdownTimeoutMs)
  log.announce('stopped', { cut_off: !whole })
  log.flush()
  return whole
}

interface Followed {
  readonly path: string
  readonly isWatched: boolean
  readonly node: GatewayNode
  readonly reloader: Reloader
  readonly host: RuntimeHost
  readonly log: Logger
}

/** Loads files again when the process is told to, and the artifact when it has changed. */
function followFiles({ path, isWatched, node, reloader, host, log }: Followed): () => void {
  // The reloader has logged why.
  const reload = () => void reloader.reload('signal').catch(() => undefined)
  host.onHangup(() => {
    void node.reloadCertificates()
    reload()
  })
  if (!isWatched) return reloader.stop
  const onDisk = createDiskDigest(host)
  const unwatch = followArtifact({
    onDisk: () => onDisk(path),
    running: () => node.running().digest,
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
