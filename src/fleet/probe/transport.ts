import type { FailureReason } from '../verdict.ts'

/** One question to the admin listener of a node. */
export interface Question {
  readonly url: URL
  /** Header fields besides those of the transport. */
  readonly headers: Readonly<Record<string, string>>
  /** For https; the certificates of the system count where `ca` is undefined. */
  readonly tls: TlsMaterial | undefined
  /** From the start of the connection to the last byte of the answer. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Contents of PEM files. */
export interface TlsMaterial {
  readonly ca: Buffer | undefined
  readonly cert: Buffer | undefined
  readonly key: Buffer | undefined
  readonly serverName: string | undefined
}

export interface Failure {
  readonly reason: FailureReason
  /** The end of a sentence, without a full stop; it may hold text of the other side. */
  readonly detail: string
  /** Another attempt may succeed. */
  readonly isTransient: boolean
  /** What the node asked to wait. */
  readonly retryAfterMs?: number
}

export type Reply = { readonly body: Buffer } | { readonly failure: Failure }

/** Asks once, follows no redirect, and never rejects but with the reason of the signal. */
export type Transport = (question: Question) => Promise<Reply>
