import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a package of Debian holds, unpacked in a folder of its own; nothing is installed. */
export function unpackDebianPackage(name: string): { readonly folder: string } | { readonly reason: string } {
  const isCi = process.env['CI'] === 'true' && process.platform === 'linux'
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  const download = () => run('apt-get', ['download', '-q', name], folder)
  // In a fresh image apt does not know any package.
  let failure = download()
  if (failure !== undefined && isCi) failure = run('apt-get', ['update', '-q'], folder) ?? download()
  const file = readdirSync(folder).find((path) => path.endsWith('.deb'))
  if (failure === undefined && file !== undefined) failure = run('dpkg-deb', ['-x', file, '.'], folder)
  if (failure === undefined) return { folder }
  if (isCi) throw new Error(failure)
  return { reason: failure }
}

/** Undefined where it has succeeded. */
function run(program: string, args: readonly string[], cwd: string): string | undefined {
  const { status, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: 300_000 })
  return status === 0 ? undefined : `${program} ${args.join(' ')}: ${error?.message ?? stderr}`
}
