import type { Provenance } from '../domain/index.ts'

/** What is known of the commit: what git says of the work tree, and what the user says of it. */
export interface ProvenanceFacts {
  readonly checkedOut:
    | { readonly commit: string; readonly dirty: boolean; readonly source: string | null }
    | undefined
  readonly commit: string | undefined
  readonly source: string | undefined
}

/**
 * The provenance that is recorded: what is given wins over git. Of a commit that is not the one checked out nobody
 * knows whether the tree differs from it, so `dirty` is null then.
 */
export function planProvenance({ checkedOut, commit, source }: ProvenanceFacts): Provenance {
  const isCheckedOut = commit === undefined || commit === checkedOut?.commit
  return {
    commit: commit ?? checkedOut?.commit ?? null,
    source: source ?? checkedOut?.source ?? null,
    dirty: isCheckedOut ? (checkedOut?.dirty ?? null) : null,
  }
}
