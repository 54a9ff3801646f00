import { execFileSync } from 'node:child_process'

import { isolatedEnv } from './binary.ts'
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.ts'

/** A git repository with one commit, which lives as long as the test that uses it. */
export interface GitRepository extends TemporaryFolder {
  /** Runs git in it; returns what it prints, trimmed. */
  readonly git: (...args: readonly string[]) => string
  /** Writes files and commits everything; returns the id of the commit. */
  readonly commit: (files: Readonly<Record<string, string>>, message?: string) => Promise<string>
}

export async function gitRepository(files: Readonly<Record<string, string>>): Promise<GitRepository> {
  const folder = await temporaryFolder()
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, {
      cwd: folder.path,
      env: isolatedEnv(folder.path),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  const commit: GitRepository['commit'] = async (changed, message = 'change') => {
    await folder.write(changed)
    git('add', '.')
    git('commit', '-q', '-m', message)
    return git('rev-parse', 'HEAD')
  }
  git('init', '-q', '-b', 'main')
  await commit(files, 'first')
  return { ...folder, git, commit }
}
