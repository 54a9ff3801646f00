import type { DiffPage } from '../diff/page.ts'

interface PageRelease {
  readonly artifact_digest: string
  readonly image: string | null
  readonly commit: string | null
  readonly reason: string | null
}

type Status = 'passed' | 'refused' | 'skipped' | 'waived'

/** What a change of the pin of an environment means. */
export interface PinPage {
  readonly environment: string
  readonly change: 'first' | 'replaced' | 'removed' | 'none'
  readonly before: PageRelease | null
  readonly after: PageRelease | null
  readonly nodes: readonly { readonly name: string; readonly wave: number }[]
  readonly checks: readonly { readonly name: string; readonly status: Status; readonly outcome: string }[]
  readonly difference: Omit<DiffPage, 'before' | 'after'> | null
}

const SHORT_LENGTH = 'sha256:'.length + 12
const NODES_SHOWN = 12

/** Enough of a digest to tell two apart. */
export function shortDigest(release: PageRelease | null): string {
  return release === null ? 'nothing' : release.artifact_digest.slice(0, SHORT_LENGTH)
}

/** What there is to say of the release and of the nodes that have to run it. */
export function factsOf({ after, nodes }: PinPage): readonly (readonly [name: string, value: string])[] {
  const facts = [
    ['image', after?.image],
    ['commit', after?.commit],
    ['reason', after?.reason],
    ['nodes', describeNodes(nodes)],
  ] as const
  return facts.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, value] as const],
  )
}

/** `2: edge-1, edge-2 (wave 1)`; of a large fleet the first few. */
function describeNodes(nodes: PinPage['nodes']): string {
  if (nodes.length === 0) return '0'
  const names = nodes.map(({ name, wave }) => (wave === 0 ? name : `${name} (wave ${wave})`))
  const more = names.length > NODES_SHOWN ? ` and ${names.length - NODES_SHOWN} more` : ''
  return `${nodes.length}: ${names.slice(0, NODES_SHOWN).join(', ')}${more}`
}

/** The difference as a page of its own; undefined where there is none to show. */
export function diffPageOf({ before, after, difference }: PinPage): DiffPage | undefined {
  if (difference === null || difference.changes.length === 0) return undefined
  return { ...difference, before: shortDigest(before), after: shortDigest(after) }
}
