import { ExitCode, type NodeAttestation } from '../domain/index.ts'

/** The answer to: does this node run what is pinned for it? (DESIGN §5.7) */
export const verdicts = [
  'InSync',
  'ConfigurationDrift',
  'TamperedOnDisk',
  'NotVerified',
  'Unreachable',
] as const
export type Verdict = (typeof verdicts)[number]

/** The verdict that each reason leads to. The words are stable; docs/reference/verdicts.md explains each. */
export const verdictOf = {
  'in-sync': 'InSync',

  'artifact-differs': 'ConfigurationDrift',
  'build-differs': 'ConfigurationDrift',
  'nothing-released': 'ConfigurationDrift',
  'restart-pending': 'ConfigurationDrift',
  'workers-differ': 'ConfigurationDrift',

  'file-changed': 'TamperedOnDisk',
  'file-missing': 'TamperedOnDisk',

  'attestation-malformed': 'NotVerified',
  'attestation-missing': 'NotVerified',
  'clock-skew': 'NotVerified',
  'inputs-mismatch': 'NotVerified',
  'key-unknown': 'NotVerified',
  'node-mismatch': 'NotVerified',
  'release-unverified': 'NotVerified',
  replayed: 'NotVerified',
  revoked: 'NotVerified',
  'signature-invalid': 'NotVerified',
  'statement-mismatch': 'NotVerified',
  'wrong-key': 'NotVerified',

  'access-denied': 'Unreachable',
  'access-unusable': 'Unreachable',
  'connection-failed': 'Unreachable',
  'http-status': 'Unreachable',
  'no-provenance': 'Unreachable',
  redirected: 'Unreachable',
  timeout: 'Unreachable',
  'tls-failed': 'Unreachable',
  'too-large': 'Unreachable',
} as const satisfies Readonly<Record<string, Verdict>>

export type Reason = keyof typeof verdictOf

type ReasonOf<V extends Verdict> = {
  [R in Reason]: (typeof verdictOf)[R] extends V ? R : never
}[Reason]

/** Why a node is not believed. */
export type DistrustReason = ReasonOf<'NotVerified'>

/** Why nothing was learnt about a node. */
export type FailureReason = ReasonOf<'Unreachable'>

/** What a node says that it runs, or has signed that it does. */
export type Claims = Omit<NodeAttestation, 'nonce' | 'node' | 'time'>

export interface Judgement {
  readonly verdict: Verdict
  readonly reason: Reason
  /** A sentence for people. It may hold text of the node. */
  readonly message: string
  /** True where the node has signed its claims for this question. */
  readonly attested: boolean
  /** Null where nothing is known. */
  readonly claims: Claims | null
}

/** The exit code that a verdict asks for. */
export const exitOf: Readonly<Record<Verdict, ExitCode>> = {
  InSync: ExitCode.ok,
  ConfigurationDrift: ExitCode.drift,
  TamperedOnDisk: ExitCode.notVerified,
  NotVerified: ExitCode.notVerified,
  Unreachable: ExitCode.inconclusive,
}
