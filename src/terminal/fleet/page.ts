import type { ChangeLine } from '../diff/page.ts'

/** One node, as it was found. */
export interface NodeLine {
  readonly node: string
  readonly environment: string
  readonly verdict: 'InSync' | 'ConfigurationDrift' | 'TamperedOnDisk' | 'NotVerified' | 'Unreachable'
  readonly reason: string
  readonly message: string
  readonly attested: boolean
  readonly claims: { readonly artifact_digest: string; readonly commit: string | null } | null
  readonly desired: { readonly artifact_digest: string; readonly commit: string | null } | null
}

interface ReleaseLine {
  readonly commit: string
  readonly author: string
  readonly committed_at: string
  readonly subject: string
}

/** How nodes that run the same differ from what they have to run. */
export interface DriftSection {
  readonly environment: string
  readonly nodes: readonly string[]
  readonly running: {
    readonly artifact_digest: string
    readonly commit: string | null
    readonly dirty: boolean | null
  }
  readonly standing:
    | {
        readonly kind: 'behind'
        readonly releases: number
        readonly release: ReleaseLine
        readonly superseded_by: ReleaseLine
      }
    | { readonly kind: 'ahead'; readonly releases: number; readonly release: ReleaseLine }
    | { readonly kind: 'elsewhere'; readonly environments: readonly string[] }
    | { readonly kind: 'unknown'; readonly history_complete: boolean }
  readonly inputs:
    | readonly {
        readonly path: string
        readonly desired_sha256: string | null
        readonly running_sha256: string | null
      }[]
    | null
  readonly api: {
    readonly counts: Readonly<Record<'breaking' | 'risky' | 'safe', number>>
    readonly changes: readonly ChangeLine[]
  } | null
  readonly notes: readonly string[]
}

/** Whether what an environment pins was verified itself. */
interface ReleaseSection {
  readonly environment: string
  readonly artifact_digest: string
  readonly status: 'verified' | 'failed' | 'skipped' | 'unreached'
  readonly problem?: { readonly code: string; readonly message: string }
}

/** What was found of a fleet. */
export interface FleetPage {
  readonly verified: boolean
  readonly duration_ms: number
  readonly ref: string
  readonly commit: string
  readonly counts: Readonly<Record<NodeLine['verdict'], number>>
  readonly nodes: readonly NodeLine[]
  readonly drifts: readonly DriftSection[]
  /** Null where nobody asked. */
  readonly releases: readonly ReleaseSection[] | null
}

const WORDS: Readonly<Record<NodeLine['verdict'], string>> = {
  InSync: 'in sync',
  ConfigurationDrift: 'drifted',
  TamperedOnDisk: 'tampered',
  NotVerified: 'not verified',
  Unreachable: 'unreachable',
}

/** A verdict in lower-case words. */
export function verdictWords(verdict: NodeLine['verdict']): string {
  return WORDS[verdict]
}

/** `3 in sync, 1 drifted, 0 tampered, 0 not verified, 1 unreachable`: always all of them. */
export function formatVerdicts(counts: FleetPage['counts']): string {
  return Object.entries(WORDS)
    .map(([verdict, words]) => `${counts[verdict as NodeLine['verdict']]} ${words}`)
    .join(', ')
}

/** The first twelve digits of a digest or commit; `-` where there is none. */
export function short(digest: string | null | undefined): string {
  return digest?.replace('sha256:', '').slice(0, 12) ?? '-'
}

/** Sentences on which release nodes run and who changed what they have to run; no full stop at the end. */
export function describeStanding(standing: DriftSection['standing']): readonly string[] {
  switch (standing.kind) {
    case 'behind':
      return [
        `${standing.releases === 1 ? '1 release' : `${standing.releases} releases`} behind: it runs ${describeEntry(standing.release)}`,
        `superseded by ${describeEntry(standing.superseded_by)}: out of date since then`,
      ]
    case 'ahead':
      return [
        `${standing.releases === 1 ? '1 release' : `${standing.releases} releases`} ahead: it runs ${describeEntry(standing.release)}`,
      ]
    case 'elsewhere':
      return [`it runs what ${standing.environments.join(' and ')} pins`]
    case 'unknown':
      return [
        standing.history_complete
          ? 'no release of this environment ever was what it runs'
          : 'no release that is known is what it runs; the history is cut off, fetch all of it',
      ]
  }
}

function describeEntry({ subject, commit, author, committed_at: at }: ReleaseLine): string {
  return `“${subject}” (${short(commit)} by ${author} at ${at.replace(/\.\d+Z$/, 'Z')})`
}

/** `specs/shop.yaml differs`, `specs/new.yaml is missing`, `specs/x.yaml should not be there`. */
export function describeInput(change: {
  readonly path: string
  readonly desired_sha256: string | null
  readonly running_sha256: string | null
}): string {
  if (change.running_sha256 === null) return `${change.path} is missing`
  return change.desired_sha256 === null ? `${change.path} should not be there` : `${change.path} differs`
}

const RELEASE_WORDS = {
  verified: 'verified',
  failed: 'not verified',
  skipped: 'needs no signature',
  unreached: 'out of reach',
} as const

/** `the release 0123456789ab of production is verified`, with the reason where it is not; no full stop at the end. */
export function describeRelease({
  environment,
  artifact_digest: digest,
  status,
  problem,
}: ReleaseSection): string {
  const why = problem === undefined ? '' : ` (${problem.code}: ${problem.message.replace(/\.$/, '')})`
  return `the release ${short(digest)} of ${environment} is ${RELEASE_WORDS[status]}${why}`
}
