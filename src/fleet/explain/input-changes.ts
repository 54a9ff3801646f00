import type { Input, InputKind } from '../../domain/index.ts'

/** A leaf that the fingerprints do not share; null stands for the side that does not have it. */
export interface InputChange {
  readonly path: string
  readonly kind: InputKind
  /** Lower-case hex. */
  readonly desired_sha256: string | null
  readonly running_sha256: string | null
}

/** Compares the leaves of two fingerprints, by path. */
export function compareLeaves(desired: readonly Input[], running: readonly Input[]): readonly InputChange[] {
  const others = new Map(running.map((input) => [input.path, input]))
  const changed = desired.flatMap(({ path, kind, sha256 }): InputChange[] => {
    const other = others.get(path)
    others.delete(path)
    if (other?.sha256 === sha256 && other.kind === kind) return []
    return [{ path, kind, desired_sha256: sha256, running_sha256: other?.sha256 ?? null }]
  })
  const added = [...others.values()].map(({ path, kind, sha256 }): InputChange => ({
    path,
    kind,
    desired_sha256: null,
    running_sha256: sha256,
  }))
  return [...changed, ...added]
}
