import { ExitCode, type Host } from '../../domain/index.ts'

export interface ProcessHost extends Host {
  /** The exit code that the signal asks for, or undefined while none came. */
  readonly stoppedBy: () => ExitCode | undefined
  /** Takes the signal handlers away. */
  readonly dispose: () => void
}

// One key press arrives twice below a launcher that passes signals on, such as `npm run`.
const SAME_PRESS_MS = 300

/** The real clock, environment and signals: the first SIGINT or SIGTERM aborts, the second ends the process. */
export function createProcessHost(onStop: () => void): ProcessHost {
  const controller = new AbortController()
  let stop: { code: ExitCode; atMs: number } | undefined
  const onSignal = (code: ExitCode) => () => {
    const atMs = performance.now()
    if (stop === undefined) {
      stop = { code, atMs }
      onStop()
      controller.abort()
    } else if (atMs - stop.atMs > SAME_PRESS_MS) {
      process.exit(code)
    }
  }
  const onInterrupt = onSignal(ExitCode.interrupted)
  const onTerminate = onSignal(ExitCode.terminated)
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onTerminate)
  return {
    nowMs: () => Date.now(),
    env: process.env,
    cwd: process.cwd(),
    signal: controller.signal,
    stoppedBy: () => stop?.code,
    dispose: () => {
      process.removeListener('SIGINT', onInterrupt)
      process.removeListener('SIGTERM', onTerminate)
    },
  }
}
