import type { RuntimeHost } from '../../src/runtime/index.ts'

/** A host whose clock stands still, with this environment. */
export function fakeRuntimeHost(
  env: Readonly<Record<string, string>> = {},
  writeLog: (text: string) => void = () => undefined,
): RuntimeHost {
  return {
    nowMs: () => 0,
    env,
    cwd: '/',
    signal: new AbortController().signal,
    monotonicMs: () => 0,
    clockOffsetMs: 0,
    randomId: () => 'fresh-id',
    random: () => 0.5,
    writeLog,
    usage: () => ({ cpuSeconds: 0, residentBytes: 0, heapUsedBytes: 0 }),
    hostname: 'test-host',
    pid: 1,
    onHangup: () => undefined,
  }
}
