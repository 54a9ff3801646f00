import type { Artifact } from '../../artifact/index.ts'
import {
  REMOTE_DOCUMENTS_FOLDER,
  REMOTE_PLUGINS_FOLDER,
  type Input,
  type Manifest,
} from '../../domain/index.ts'
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

/**
 * What the barbacane.yaml of an artifact and its lock pin of what is fetched, by the paths of the inputs: the SHA-256 of
 * the plugin or document in hex, or null where only the image is pinned that a plugin came in, and that image is not at
 * hand.
 */
export type ReadPins = (artifact: Artifact) => Promise<ReadonlyMap<string, string | null>>

const REGULAR = new Set(['100644', '100755'])

/**
 * Compares every input that is a file with the tree of the commit that the artifact names; the options are no file. A
 * plugin or document that was fetched is in no commit: it is compared with what barbacane.yaml or the lock, which are,
 * pin.
 *
 * @returns what was compared, in words
 * @throws {ProblemError} BCN_VERIFY_GIT_COMMIT, BCN_VERIFY_GIT_DIFFERS
 */
export async function checkGit(
  artifact: Artifact,
  readTree: ReadGitTree,
  readPins: ReadPins = async () => new Map(),
): Promise<string> {
  const { manifest } = artifact
  const commit = requireCommit(manifest)
  const tree = await readTree(commit)
  if (tree === undefined)
    throw problems.BCN_VERIFY_GIT_COMMIT({ reason: `there is no commit ${commit} here` })
  const inputs = manifest.inputs.filter(({ kind }) => kind !== 'option')
  const fetched = inputs.filter(isFetched)
  const files = inputs.filter((input) => !isFetched(input))
  const pins = fetched.length === 0 ? new Map<string, string | null>() : await readPins(artifact)
  const differing = [
    ...files.map(({ path, git_blob: blob }) => [path, differenceOf(tree.get(path), blob)] as const),
    ...fetched.map((input) => [input.path, pinDifferenceOf(pins.get(input.path), input)] as const),
  ].flatMap(([path, reason]) => (reason === undefined ? [] : [`${path} ${reason}`]))
  const [first] = differing
  const short = commit.slice(0, 7)
  if (first !== undefined) {
    const count = differing.length
    throw problems.BCN_VERIFY_GIT_DIFFERS({ differing: count, total: inputs.length, commit: short, first })
  }
  const unseen = fetched.filter(({ path }) => pins.get(path) === null)
  const options = manifest.inputs.length - inputs.length
  return [
    `${files.length} of ${files.length} inputs are byte-identical to ${short}`,
    ...describePinned(fetched, unseen.length),
    ...(options === 0 ? [] : ['the options leaf is no file and stands in the statement']),
  ].join('; ')
}

function describePinned(fetched: readonly Input[], unseen: number): readonly string[] {
  const plugins = (count: number) => (count === 1 ? 'a fetched plugin is' : `${count} fetched plugins are`)
  const seen = fetched.filter(({ kind }) => kind === 'plugin').length - unseen
  const documents = fetched.filter(({ kind }) => kind === 'schema').length
  const what = documents === 1 ? 'a document of the network is' : `${documents} documents of the network are`
  return [
    ...(documents === 0 ? [] : [`${what} what its lock pins`]),
    ...(seen === 0 ? [] : [`${plugins(seen)} what its barbacane.yaml pins`]),
    ...(unseen === 0
      ? []
      : [`${plugins(unseen)} pinned there by an image that is not in the cache, and not compared`]),
  ]
}

function isFetched({ kind, path }: Pick<Input, 'kind' | 'path'>): boolean {
  if (kind === 'plugin') return path.startsWith(`${REMOTE_PLUGINS_FOLDER}/`)
  return kind === 'schema' && path.startsWith(`${REMOTE_DOCUMENTS_FOLDER}/`)
}

function pinDifferenceOf(
  pin: string | null | undefined,
  { kind, sha256 }: Pick<Input, 'kind' | 'sha256'>,
): string | undefined {
  const where = kind === 'plugin' ? 'barbacane.yaml' : 'the lock'
  if (pin === undefined) return `is not pinned by ${where}`
  return pin === null || pin === sha256 ? undefined : `is not what ${where} pins`
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
