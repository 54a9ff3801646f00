import { resolve } from 'node:path'

import { decodeArtifact, type Artifact } from '../../artifact/index.ts'
import { buildTimestamp, compileProject, planProvenance } from '../../compiler/index.ts'
import { loadProject } from '../../config/index.ts'
import type { DevBuild, DevSessionPorts, ReloadableGateway } from '../../development/index.ts'
import type { Host } from '../../domain/index.ts'
import { readCommit } from '../../git/index.ts'
import { createLogger, createRuntimeHost, startGateway, type ServeOptions } from '../../runtime/index.ts'

export interface DevSetup {
  /** Relative to the working directory, as findings show it. */
  readonly manifestPath: string
  readonly serve: ServeOptions
  readonly host: Host
  readonly version: string
}

/** The real parts of a development session: the compiler, the gateway and the clock. */
export function createDevPorts(setup: DevSetup): Pick<DevSessionPorts, 'build' | 'start' | 'schedule'> {
  const { host, version } = setup
  // One time for the whole session: saving a file without a change makes no other artifact.
  const startedAt = buildTimestamp({ sourceDateEpoch: undefined, commit: undefined, nowMs: host.nowMs() })
  return {
    build: async (): Promise<DevBuild> => {
      const project = await loadProject(resolve(host.cwd, setup.manifestPath))
      const checkedOut = await readCommit(project.root)
      const { bytes, findings } = await compileProject(project, {
        allowPlaintext: setup.serve.allowPlaintextUpstream,
        buildTimestamp: startedAt,
        provenance: planProvenance({ checkedOut, commit: undefined, source: undefined }),
        compiler: { name: 'barbacane', version },
      })
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
    reload: (next) => gateway.reload(next),
    close: async () => {
      // Nobody waits for the requests of a development session.
      await gateway.close(0)
      log.flush()
    },
  }
}
