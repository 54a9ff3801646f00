import { simpleGit, type SimpleGit } from 'simple-git'

import { explainFailure } from './explain-failure.ts'

/** What git says of the signature of a commit, by the keys that this machine trusts. */
export interface CommitSignature {
  readonly status: 'good' | 'bad' | 'unknown' | 'expired' | 'revoked' | 'none'
  /** Who signed, as the key names them; null where nothing is known. */
  readonly signer: string | null
  /** The id or fingerprint of the key; null where nothing is known. */
  readonly key: string | null
}

/** The letters of `%G?` (git-log(1), "Pretty formats"). */
const STATUSES: Readonly<Record<string, CommitSignature['status']>> = {
  G: 'good',
  B: 'bad',
  U: 'unknown',
  E: 'unknown',
  X: 'expired',
  Y: 'expired',
  R: 'revoked',
  N: 'none',
}

/**
 * Verifies the signatures of commits with git: OpenPGP by its keyring, SSH by `gpg.ssh.allowedSignersFile`. A signature
 * whose key nobody vouches for here is `unknown`, never `good`.
 *
 * @param commits full ids
 * @throws {TypeError} where an id is none. {ProblemError} BCN_GIT_FAILED
 */
export async function readCommitSignatures(
  folder: string,
  commits: readonly string[],
): Promise<ReadonlyMap<string, CommitSignature>> {
  for (const commit of commits)
    if (!/^[0-9a-f]{40,64}$/.test(commit)) throw new TypeError(`${commit} is no commit id`)
  if (commits.length === 0) return new Map()
  const git = simpleGit(folder)
  return explainFailure(folder, async () => {
    const format = '--format=%H%x00%G?%x00%GS%x00%GK'
    const output = await git.raw(['log', '--no-walk=unsorted', '--no-color', format, ...commits])
    const lines = output.split('\n').filter((line) => line.includes('\0'))
    const read = lines.map(async (line) => {
      const [commit = '', letter = '', signer = '', key = ''] = line.split('\0')
      const found = STATUSES[letter] ?? 'unknown'
      const status = found === 'none' && (await isSigned(git, commit)) ? 'unknown' : found
      return [commit, { status, signer: signer || null, key: key || null }] as const
    })
    return new Map(await Promise.all(read))
  })
}

// Where nobody is trusted to sign with SSH, git says of such signatures that there are none.
async function isSigned(git: SimpleGit, commit: string): Promise<boolean> {
  const [headers = ''] = (await git.raw(['cat-file', 'commit', commit])).split('\n\n', 1)
  return /^gpgsig(?:-sha256)? /m.test(headers)
}
