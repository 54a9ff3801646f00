import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { repositoryRoot } from './source-tree.ts'

/**
 * The program and first arguments that run barbacane as its users do: `bin/run.js`, or `bin/dev.js` where what was
 * built is older than the source, so that no test ever judges yesterday's code.
 */
export function barbacane(): readonly [string, string] {
  const script = isBuildStale() ? 'bin/dev.js' : 'bin/run.js'
  return [process.execPath, join(repositoryRoot, script)]
}

function isBuildStale(): boolean {
  const manifest = join(repositoryRoot, 'oclif.manifest.json')
  if (!existsSync(join(repositoryRoot, 'dist'))) return false
  if (!existsSync(manifest)) return true
  const builtAtMs = statSync(manifest).mtimeMs
  const sources = readdirSync(join(repositoryRoot, 'src'), { recursive: true, withFileTypes: true })
  return sources
    .filter((entry) => entry.isFile())
    .some((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs > builtAtMs)
}

/** An environment with nothing of the machine's or the CI's in it: no colours, own home, UTC, git without settings. */
export function isolatedEnv(home: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    ...(process.platform === 'win32' ? { SystemRoot: process.env['SystemRoot'] ?? '' } : {}),
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_DATA_HOME: join(home, '.local/share'),
    NO_COLOR: '1',
    TZ: 'UTC',
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'A. Author',
    GIT_AUTHOR_EMAIL: 'author@example.com',
    GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z',
    GIT_COMMITTER_NAME: 'A. Author',
    GIT_COMMITTER_EMAIL: 'author@example.com',
    GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
  }
}
