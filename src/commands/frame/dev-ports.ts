import { decodeArtifact, type Artifact } from '../../artifact/index.ts'
import { createDocumentCache } from '../../compiler/index.ts'
import type { DevBuild, DevSessionPorts, ReloadableGateway } from '../../development/index.ts'
import type { Host } from '../../domain/index.ts'
import { createLogger, createRuntimeHost, startGateway, type ServeOptions } from '../../runtime/index.ts'
import { buildProject } from './build-project.ts'
import type { RemoteReferences } from './remote-documents.ts'

export interface DevSetup {
  /** The barbacane.yaml; looked for from the working directory upwards unless given. */
  readonly manifest: string | undefined
  readonly serve: ServeOptions
  readonly references: RemoteReferences
  readonly host: Host
  readonly version: string
}

/** The real parts of a development session: the compiler, the gateway and the clock. */
export function createDevPorts(setup: DevSetup): Pick<DevSessionPorts, 'build' | 'start' | 'schedule'> {
  const { host, manifest, references, version } = setup
  const allowPlaintext = setup.serve.allowPlaintextUpstream
  const build = { manifest, specs: undefined, allowPlaintext, commit: undefined, source: undefined }
  const request = { ...build, references, cache: createDocumentCache() }
  // One time for the whole session: saving a file without a change makes no other artifact.
  const SOURCE_DATE_EPOCH = String(Math.floor(host.nowMs() / 1000))
  const sessionHost = { ...host, env: { ...host.env, SOURCE_DATE_EPOCH } }
  return {
    build: async (): Promise<DevBuild> => {
      const { bytes, findings } = await buildProject(request, sessionHost, version)
      return { artifact: decodeArtifact(bytes), warnings: findings }
    },
    start: (artifact) => startDevGateway(artifact, setup),
    schedule: (run, delayMs) => {
      const timer = setTimeout(run, delayMs)
      return () => clearTimeout(timer)
    },
  }
}

async function startDevGateway(
  artifact: Artifact,
  { serve, host, version }: DevSetup,
): Promise<ReloadableGateway> {
  const runtimeHost = createRuntimeHost(host, process)
  const { logLevel: level, logFormat: format } = serve
  const log = createLogger({ level, format, nowMs: host.nowMs, write: runtimeHost.writeLog })
  const gateway = await startGateway({
    ...serve,
    artifact,
    artifactPath: null,
    version,
    log,
    host: runtimeHost,
  })
  const { publicAddress, adminAddress } = gateway
  log.announce('listening', {
    address: `${publicAddress.host}:${publicAddress.port}`,
    admin: adminAddress === null ? null : `${adminAddress.host}:${adminAddress.port}`,
  })
  return {
    reload: async (next) => gateway.reload(next),
    close: async () => {
      // Nobody waits for the requests of a development session.
      await gateway.close(0)
      log.flush()
    },
  }
}
