import type { Artifact } from '../artifact/index.ts'
import { ExitCode, isProblemError, type Finding, type Problem } from '../domain/index.ts'

/** What a session tells its user, one event a build. */
export type DevEvent =
  | {
      readonly kind: 'serving' | 'reloaded'
      readonly artifact: Artifact
      readonly warnings: readonly Finding[]
    }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly stillServing: boolean }

export interface DevBuild {
  readonly artifact: Artifact
  readonly warnings: readonly Finding[]
}

/** The running gateway, as far as a session needs it. */
export interface ReloadableGateway {
  reload(artifact: Artifact): Promise<void>
  close(): Promise<void>
}

export interface DevSessionPorts {
  readonly build: () => Promise<DevBuild>
  readonly start: (artifact: Artifact) => Promise<ReloadableGateway>
  readonly report: (event: DevEvent) => void
  /** Calls back after the delay unless the returned function is called first. */
  readonly schedule: (run: () => void, delayMs: number) => () => void
  readonly debounceMs: number
}

export interface DevSession {
  /** Tells that a watched file changed; a burst of changes makes one build. */
  readonly changed: () => void
  /** Resolves when nothing is scheduled or being built. */
  readonly settled: () => Promise<void>
  /** Stops building and closes the gateway. */
  readonly close: () => Promise<void>
  /** Resolves after close; rejects with an error that no change of the project can mend. */
  readonly done: Promise<void>
}

/**
 * Builds, serves, and on every change builds again: a good build replaces the configuration of the running gateway at
 * once, a bad one is reported and the previous version goes on serving. One build runs at a time.
 */
export function startDevSession(ports: DevSessionPorts): DevSession {
  let gateway: ReloadableGateway | undefined
  let current: Artifact | undefined
  let cancelScheduled: (() => void) | undefined
  let dirty = false
  let building: Promise<void> | undefined
  const done = Promise.withResolvers<void>()

  const apply = async (built: DevBuild): Promise<void> => {
    if (built.artifact.digest === current?.digest) return ports.report({ kind: 'unchanged' })
    const kind = gateway === undefined ? 'serving' : 'reloaded'
    if (gateway === undefined) gateway = await ports.start(built.artifact)
    else await gateway.reload(built.artifact)
    current = built.artifact
    ports.report({ kind, artifact: built.artifact, warnings: built.warnings })
  }
  const buildOnce = async (): Promise<void> => {
    try {
      await apply(await ports.build())
    } catch (error) {
      // What the environment refuses at the start, such as a port in use, no edit mends; what it refuses later, such as
      // a plugin that the registry has not, takes nothing from what is served.
      const isHopeless = gateway === undefined && isOfEnvironment(error)
      if (!isProblemError(error) || isHopeless) throw error
      ports.report({ kind: 'failed', problem: error.problem, stillServing: gateway !== undefined })
    }
  }
  const buildAll = async (): Promise<void> => {
    do {
      dirty = false
      await buildOnce()
    } while (dirty)
    building = undefined
  }
  const trigger = (): void => {
    cancelScheduled = undefined
    dirty = true
    building ??= buildAll().catch(done.reject)
  }

  trigger()
  return {
    changed: () => {
      cancelScheduled?.()
      cancelScheduled = ports.schedule(trigger, ports.debounceMs)
    },
    settled: async () => {
      await building
    },
    close: async () => {
      cancelScheduled?.()
      dirty = false
      await building
      await gateway?.close()
      done.resolve()
    },
    done: done.promise,
  }
}

function isOfEnvironment(error: unknown): boolean {
  return isProblemError(error) && error.problem.exit === ExitCode.environment
}
