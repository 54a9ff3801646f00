import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Makes sure that programs of these names are there, from Debian packages of the same names. In CI on Linux missing
 * ones are installed, and it is an error when that fails; elsewhere the reason to skip is returned.
 */
export function debianTools(...names: readonly string[]): string | false {
  const isCi = process.env['CI'] === 'true' && process.platform === 'linux'
  if (missing(names).length > 0 && isCi) install(missing(names))
  const absent = missing(names)
  if (absent.length === 0) return false
  const advice = `${absent.join(', ')} not found; run: ${commandLine(absent).join(' ')}`
  if (isCi) throw new Error(advice)
  return advice
}

function install(names: readonly string[]): void {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  for (const words of [['apt-get', 'update', '-q'], commandLine(names)]) {
    const [program = '', ...args] = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1', ...words]
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 300_000 })
    if (status !== 0) process.stderr.write(`${words.join(' ')} ended with ${status}: ${stderr}\n`)
  }
}

function commandLine(names: readonly string[]): readonly string[] {
  return ['apt-get', 'install', '-y', '--no-install-recommends', ...names]
}

function missing(names: readonly string[]): readonly string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return names.filter((name) => !folders.some((folder) => isProgram(join(folder, name))))
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
