import type { Manifest } from '../../domain/index.ts'
import { verifyProblems as problems } from '../verify-problems.ts'

/** One entry of a git tree: `git ls-tree -r`. */
export interface GitTreeEntry {
  /** Six octal digits: 100644, 100755, 120000 (link), 160000 (submodule). */
  readonly mode: string
  /** Object id in hex. */
  readonly id: string
}

/** The files of a commit below the project root, by POSIX path; undefined where the clone has no such commit. */
export type ReadGitTree = (commit: string) => Promise<ReadonlyMap<string, GitTreeEntry> | undefined>

const REGULAR = new Set(['100644', '100755'])

/**
 * Compares every input that is a file with the tree of the commit that the artifact names; the options are no file.
 *
 * @returns what was compared, in words
 * @throws {ProblemError} BCN_VERIFY_GIT_COMMIT, BCN_VERIFY_GIT_DIFFERS
 */
export async function checkGit(manifest: Manifest, readTree: ReadGitTree): Promise<string> {
  const commit = requireCommit(manifest)
  const tree = await readTree(commit)
  if (tree === undefined)
    throw problems.BCN_VERIFY_GIT_COMMIT({ reason: `there is no commit ${commit} here` })
  const files = manifest.inputs.filter(({ kind }) => kind !== 'option')
  const differing = files.flatMap(({ path, git_blob: blob }) => {
    const reason = differenceOf(tree.get(path), blob)
    return reason === undefined ? [] : [`${path} ${reason}`]
  })
  const [first] = differing
  const short = commit.slice(0, 7)
  if (first !== undefined) {
    const count = differing.length
    throw problems.BCN_VERIFY_GIT_DIFFERS({ differing: count, total: files.length, commit: short, first })
  }
  const options = manifest.inputs.length - files.length
  const excepted = options === 0 ? '' : '; the options leaf is no file and stands in the statement'
  return `${files.length} of ${files.length} inputs are byte-identical to ${short}${excepted}`
}

/**
 * The commit that the artifact names.
 *
 * @throws {ProblemError} BCN_VERIFY_GIT_COMMIT where it names none, or what git would not take for the id of one.
 */
export function requireCommit({ provenance: { commit } }: Manifest): string {
  if (commit === null) throw problems.BCN_VERIFY_GIT_COMMIT({ reason: 'the artifact names no commit' })
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) return commit
  throw problems.BCN_VERIFY_GIT_COMMIT({ reason: `${JSON.stringify(commit.slice(0, 80))} is no commit id` })
}

function differenceOf(entry: GitTreeEntry | undefined, blob: string): string | undefined {
  if (entry === undefined) return 'is not in the commit'
  if (!REGULAR.has(entry.mode)) return 'is no regular file in the commit'
  if (entry.id.length !== blob.length) return 'has an object id of another format'
  return entry.id === blob ? undefined : 'has other bytes in the commit'
}
