import { decodeArtifact } from '../../src/artifact/index.ts'
import { createProxyTrust } from '../../src/runtime/http/index.ts'
import { createLogger, defaultHttpLimits, type GatewayOptions } from '../../src/runtime/index.ts'
import { fakeRuntimeHost } from './fake-runtime-host.ts'
import { planArtifact, type PlanArtifact } from './plan-artifact.ts'

/** What a gateway in the process of a test is started with, on a free port and without an admin listener. */
export function gatewayOptions(plan: PlanArtifact, change: Partial<GatewayOptions> = {}): GatewayOptions {
  const host = change.host ?? fakeRuntimeHost()
  return {
    artifact: decodeArtifact(planArtifact(plan)),
    artifactPath: null,
    listen: { host: '127.0.0.1', port: 0 },
    allowsPlainHttp2: false,
    adminBind: null,
    limits: defaultHttpLimits,
    dev: false,
    allowPlaintextUpstream: false,
    allowPrivateUpstreams: false,
    proxyTrust: createProxyTrust([]),
    secretsDir: '/',
    version: '0.0.0',
    log: createLogger({ level: 'error', format: 'json', nowMs: () => 0, write: host.writeLog }),
    ...change,
    host,
  }
}
