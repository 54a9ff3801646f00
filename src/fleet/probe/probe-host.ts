import type { Host } from '../../domain/index.ts'
import type { Transport } from './transport.ts'

/** The host with what asking a fleet needs besides. */
export interface ProbeHost extends Host {
  /** Milliseconds of a clock that never jumps. */
  readonly monotonicMs: () => number
  /** A number from 0 up to, not including, 1: spreads attempts. */
  readonly random: () => number
  /** Fresh and not to be guessed: base64url of 128 bits or more. */
  readonly nonce: () => string
  /** Waits; rejects when the signal is aborted. */
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<unknown>
  readonly ask: Transport
}

/** How nodes are asked. */
export interface ProbeOptions {
  /** For each attempt. */
  readonly timeoutMs: number
  /** Attempts after the first, for what may pass by itself. */
  readonly retries: number
  /** Nodes that are asked at the same time. */
  readonly concurrency: number
  /** Of these, nodes of one host. */
  readonly perHost: number
}
