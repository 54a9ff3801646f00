import { once } from 'node:events'
import { resolve } from 'node:path'

import { decodeArtifact, readArtifactBytes } from '../artifact/index.ts'
import { publicKeyId } from '../domain/index.ts'
import type { SignatureStatus } from './admin/index.ts'
import { startGateway } from './gateway.ts'
import { formatAddress } from './http/index.ts'
import { loadNodeIdentity } from './load-node-identity.ts'
import type { RuntimeHost } from './runtime-host.ts'
import { parseServeOptions } from './serve-options.ts'
import type { GatheredSettings } from './settings/index.ts'
import { createLogger } from './telemetry/index.ts'
import type { ServerTlsOptions } from './tls/index.ts'

/** Throws for an artifact that must not be served. */
export type AcceptArtifact = (bytes: Uint8Array) => Promise<SignatureStatus>

/**
 * Serves an artifact until the host's signal is aborted, then drains. Resolves to false where requests had to be cut
 * off because the time to drain was over.
 *
 * @param accept judges the very bytes that are served, before anything is started
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
  const artifactPath = resolve(host.cwd, flags.artifact)
  const bytes = await readArtifactBytes(artifactPath)
  const signature = await accept?.(bytes)
  const artifact = decodeArtifact(bytes)
  const { logLevel: level, logFormat: format } = options
  const log = createLogger({ level, format, nowMs: host.nowMs, write: host.writeLog })
  const gateway = await startGateway({
    ...options,
    tls: options.tls && withAbsolutePaths(options.tls, host.cwd),
    artifact,
    artifactPath,
    identity,
    version,
    log,
    host,
    ...(signature && { signature }),
  })
  log.announce('listening', {
    address: formatAddress(gateway.publicAddress),
    scheme: options.tls === undefined ? 'http' : 'https',
    admin: gateway.adminAddress === null ? null : formatAddress(gateway.adminAddress),
    artifact_hash: gateway.manifest.artifact_hash,
    routes: gateway.manifest.routes_count,
    node: identity.name,
    ...(identity.key && { node_key: publicKeyId(identity.key.publicKey) }),
  })
  if (!host.signal.aborted) await once(host.signal, 'abort')
  log.announce('draining', { timeout_seconds: options.shutdownTimeoutMs / 1000 })
  const whole = await gateway.close(options.shutdownTimeoutMs)
  log.announce('stopped', { cut_off: !whole })
  log.flush()
  return whole
}

function withAbsolutePaths(tls: ServerTlsOptions, cwd: string): ServerTlsOptions {
  const certificates = tls.certificates.map(({ certPath, keyPath }) => ({
    certPath: resolve(cwd, certPath),
    keyPath: resolve(cwd, keyPath),
  }))
  return { ...tls, certificates }
}
