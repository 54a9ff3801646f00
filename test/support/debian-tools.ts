import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'

/** A program, or with it the package that has it where that is called otherwise; an absolute path may also be a folder. */
export type DebianTool = string | readonly [program: string, packageName: string]

/**
 * Makes sure that these programs are there, from packages of Debian. In CI on Linux missing ones are installed, and it
 * is an error when that fails; elsewhere the reason to skip is returned.
 */
export function debianTools(...tools: readonly DebianTool[]): string | false {
  const isCi = process.env['CI'] === 'true' && process.platform === 'linux'
  if (missing(tools).length > 0 && isCi) install(missing(tools))
  const absent = missing(tools)
  if (absent.length === 0) return false
  const advice = `${absent.join(', ')} not found; run: ${commandLine(absent).join(' ')}`
  if (isCi) throw new Error(advice)
  return advice
}

/** Makes sure that these programs are there, wherever it runs. @throws {Error} where they cannot be installed. */
export function ensureDebianTools(...tools: readonly DebianTool[]): void {
  if (missing(tools).length > 0) install(missing(tools))
  const absent = missing(tools)
  if (absent.length > 0)
    throw new Error(`${absent.join(', ')} not found; run: ${commandLine(absent).join(' ')}`)
}

function install(names: readonly string[]): void {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  for (const words of [['apt-get', 'update', '-q'], commandLine(names)]) {
    // Test files run side by side, and apt refuses a second one instead of waiting.
    const turn = ['flock', '--timeout', '300', join(tmpdir(), 'barbacane-apt.lock')]
    const quiet = ['env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1']
    const [program = '', ...args] = [...sudo, ...turn, ...quiet, ...words]
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 900_000 })
    if (status !== 0) process.stderr.write(`${words.join(' ')} ended with ${status}: ${stderr}\n`)
  }
}

function commandLine(names: readonly string[]): readonly string[] {
  return ['apt-get', 'install', '-y', '--no-install-recommends', ...names]
}

/** The packages of the programs that are not there. */
function missing(tools: readonly DebianTool[]): readonly string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return tools.flatMap((tool) => {
    const [program, packageName] = typeof tool === 'string' ? [tool, tool] : tool
    const places = isAbsolute(program) ? [program] : folders.map((folder) => join(folder, program))
    return places.some(isProgram) ? [] : [packageName]
  })
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
