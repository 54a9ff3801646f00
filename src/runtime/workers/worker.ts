import { decodeArtifact } from '../../artifact/index.ts'
import type { SignatureStatus } from '../admin/index.ts'
import type { PreparedConfiguration, VerifiedArtifact } from '../configurations.ts'
import { startGateway, type Gateway } from '../gateway.ts'
import type { ListenAddress } from '../http/index.ts'
import { SharedWindows } from '../limits/index.ts'
import type { WorkerShare } from '../middlewares/index.ts'
import type { RuntimeHost } from '../runtime-host.ts'
import { parseServeOptions } from '../serve-options.ts'
import type { ServeFlags } from '../settings/index.ts'
import { startTracing } from '../start-tracing.ts'
import { createLogger } from '../telemetry/index.ts'
import { withAbsolutePaths } from '../tls/index.ts'
import { serveCalls, type Peer } from './calls.ts'

/** An artifact that the supervisor has verified. */
export interface SentArtifact {
  readonly bytes: Uint8Array
  readonly path: string
  readonly signature: SignatureStatus | undefined
}

/** What a worker is told when it starts. */
export interface WorkerStart {
  readonly flags: ServeFlags
  readonly artifact: SentArtifact
  readonly listen: ListenAddress
  readonly share: WorkerShare
  /** The descriptors of the log that workers count by. */
  readonly files: readonly number[]
  /** Another after every start. */
  readonly writer: number
  readonly version: string
  /** The name of the node. */
  readonly node: string
}

/** How often a worker reads what the others have counted. */
const FOLLOW_INTERVAL_MS = 250

/** Serves as one of several processes, as the supervisor at the other end tells it to. */
export function runWorker(peer: Peer, host: RuntimeHost): void {
  let started: Promise<Gateway> | undefined
  const running = () => started ?? Promise.reject(new Error('the worker has not been started'))
  const prepared = new Map<number, PreparedConfiguration>()
  const take = (id: number): PreparedConfiguration => {
    const found = prepared.get(id)
    if (found === undefined) throw new Error(`nothing is prepared under ${id}`)
    prepared.delete(id)
    return found
  }
  let flush = () => {}
  serveCalls(peer, {
    start: async (start: WorkerStart) => {
      const begun = begin(start, host)
      flush = begun.flush
      started = begun.gateway
      await started
    },
    warmed: async () => (await running()).warmed(),
    prepare: async ({ id, artifact }: { readonly id: number; readonly artifact: SentArtifact }) => {
      prepared.set(id, await (await running()).prepare(opened(artifact)))
    },
    activate: (id: number) => take(id).activate(),
    discard: (id: number) => take(id).discard(),
    report: async () => (await running()).report(),
    metrics: async () => (await running()).metrics.registry.render(),
    targets: async () => (await running()).targetGroups(),
    certificates: async () => (await running()).reloadCertificates(),
    endConnections: async () => (await running()).endConnections(),
    close: async (graceMs: number) => {
      const isWhole = await (await running()).close(graceMs)
      flush()
      return isWhole
    },
  })
}

function opened({ bytes, path, signature }: SentArtifact): VerifiedArtifact {
  return {
    artifact: decodeArtifact(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    path,
    signature,
  }
}

function begin(start: WorkerStart, host: RuntimeHost) {
  const { flags, files, writer, share, listen, version } = start
  const options = parseServeOptions(flags)
  const { logLevel: level, logFormat: format } = options
  const log = createLogger({ level, format, nowMs: host.nowMs, write: host.writeLog })
  const windows = new SharedWindows({
    files,
    writer,
    clockOffsetMs: host.clockOffsetMs,
    onMissed: () =>
      log.log('warn', 'a worker has missed what others have counted, and begins anew', {
        worker: share.index,
      }),
  })
  setInterval(() => windows.follow(host.monotonicMs()), FOLLOW_INTERVAL_MS).unref()
  const { artifact, path, signature } = opened(start.artifact)
  const gateway = startTracing(options.traces, start, host, log).then((tracing) =>
    startGateway({
      ...options,
      tracing,
      tls: options.tls && withAbsolutePaths(options.tls, host.cwd),
      listen,
      adminBind: null,
      artifact,
      artifactPath: path,
      signature,
      version,
      log,
      host,
      share,
      windows,
    }),
  )
  return { gateway, flush: log.flush }
}
