import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'

import type { Host } from '../../../domain/index.ts'
import { askByHttp, type ProbeHost } from '../../../fleet/index.ts'

/** The real network, clock, chance and patience for asking a fleet. */
export function createProbeHost(host: Host): ProbeHost {
  return {
    ...host,
    monotonicMs: () => performance.now(),
    random: Math.random,
    nonce: () => randomBytes(24).toString('base64url'),
    wait: (delayMs, signal) => setTimeout(delayMs, undefined, { signal }),
    ask: askByHttp,
  }
}
