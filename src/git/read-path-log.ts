import { simpleGit } from 'simple-git'

import { explainFailure } from './explain-failure.ts'

/** Who did something and when, as a commit says; nobody vouches for it. */
export interface Signature {
  readonly name: string
  readonly email: string
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number
}

/** A commit that changed a file. */
export interface PathChange {
  /** The full id. */
  readonly commit: string
  readonly author: Signature
  readonly committer: Signature
  /** The first line of the message. */
  readonly subject: string
  /** By key as written; of a key that stands twice, all values. */
  readonly trailers: ReadonlyMap<string, readonly string[]>
  /** The id of the blob that the file is from then on; null where it is gone. */
  readonly blob: string | null
}

/** The commits that changed a file, the newest first. */
export interface PathLog {
  readonly changes: readonly PathChange[]
  /** False where a shallow clone or the limit may have cut older ones off. */
  readonly isComplete: boolean
}

const FORMAT = ['%H', '%an', '%ae', '%at', '%cn', '%ce', '%ct', '%s', '%(trailers:only,unfold)'].join('%x00')
/** The fields of the format, the line of `--raw` and the path. */
const FIELDS = 11

/**
 * Reads which commits changed a file, along the first parents: a merge is one change, as the branch has seen it.
 *
 * @param folder absolute path of an existing folder of the work tree
 * @param options commit: full id where to begin; path: POSIX, relative to the folder, no pattern; limit: at most so many
 * @throws {TypeError} where the id is none. {ProblemError} BCN_GIT_FAILED
 */
export async function readPathLog(
  folder: string,
  { commit, path, limit }: { readonly commit: string; readonly path: string; readonly limit: number },
): Promise<PathLog> {
  if (!/^[0-9a-f]{40,64}$/.test(commit)) throw new TypeError(`${commit} is no commit id`)
  const git = simpleGit(folder)
  return explainFailure(folder, async () => {
    const walk = ['--first-parent', '--diff-merges=first-parent', '--no-follow', `--max-count=${limit + 1}`]
    const print = ['--raw', '--no-abbrev', '--no-renames', '--no-color', '--no-show-signature', '-z']
    const log = ['--literal-pathspecs', 'log', ...walk, ...print, `--format=${FORMAT}`, commit, '--', path]
    const changes = parseLog(await git.raw(log))
    const isShallow = (await git.raw(['rev-parse', '--is-shallow-repository'])).trim() === 'true'
    return { changes: changes.slice(0, limit), isComplete: !isShallow && changes.length <= limit }
  })
}

// No field can hold a NUL, and there is one path, so each commit gives the same number of them.
function parseLog(output: string): readonly PathChange[] {
  const fields = output.split('\0')
  const count = Math.floor(fields.length / FIELDS)
  return Array.from({ length: count }, (_, index) => {
    const [commit, an, ae, at, cn, ce, ct, subject, trailers, raw] = fields.slice(index * FIELDS) as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ]
    const blob = raw.trim().split(' ')[3] ?? ''
    return {
      commit,
      author: { name: an, email: ae, atMs: Number(at) * 1000 },
      committer: { name: cn, email: ce, atMs: Number(ct) * 1000 },
      subject,
      trailers: parseTrailers(trailers),
      blob: /^0*$/.test(blob) ? null : blob,
    }
  })
}

function parseTrailers(block: string): ReadonlyMap<string, readonly string[]> {
  const trailers = new Map<string, string[]>()
  for (const line of block.split('\n')) {
    const [, key, value] = /^([^:\s]+)\s*:\s*(.*)$/.exec(line) ?? []
    if (key === undefined || value === undefined) continue
    trailers.set(key, [...(trailers.get(key) ?? []), value])
  }
  return trailers
}
