import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'

import {
  decode,
  formatPointer,
  ifFound,
  isObject,
  type Finding,
  type Host,
  type Severity,
} from '../../domain/index.ts'
import { oneLine } from '../../terminal/index.ts'
import { commandProblems as problems } from '../problems.ts'
import type { Linted } from './lint-files.ts'

const PACKAGE = '@stoplight/spectral-cli'
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024

/** What Spectral calls error, warn, info and hint. */
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info', 'info']

/**
 * Runs the Spectral that the project has installed over the root documents, with a ruleset of the user. A ruleset is
 * code that Spectral executes.
 *
 * @returns its findings as `spectral:<code>`; one `spectral:failed` where a rule or the ruleset made Spectral fail.
 * @throws {ProblemError} BCN_LINT_RULESET where there is no Spectral or no such ruleset.
 */
export async function runSpectral(
  { root, roots }: Pick<Linted, 'root' | 'roots'>,
  ruleset: string,
  host: Host,
): Promise<readonly Finding[]> {
  const path = resolve(host.cwd, ruleset)
  if ((await ifFound(stat(path)))?.isFile() !== true)
    throw problems.BCN_LINT_RULESET({ ruleset, reason: 'it does not exist' })
  const program = await findSpectral(root)
  if (program === undefined) {
    throw problems.BCN_LINT_RULESET({ ruleset, reason: `${PACKAGE} is not installed in the project` })
  }
  if (roots.length === 0) return []
  const { code, stdout, stderr } = await run(
    [program, 'lint', ...roots, '-r', path, '-f', 'json', '--quiet'],
    root,
    host,
  )
  // 1 says that there are findings.
  const results = code > 1 ? undefined : parseResults(stdout)
  if (results !== undefined) return results.map((result) => toFinding(result, root, roots[0] ?? ''))
  const reason = oneLine((stderr.trim() || stdout.trim() || 'it printed nothing').slice(0, 300))
  const file = relative(root, path).split(sep).join('/')
  const hint = 'Correct the rule that fails; run Spectral by itself to see all that it prints.'
  const message = `Spectral failed with this ruleset: ${reason}`
  return [{ rule: 'spectral:failed', severity: 'error', message, hint, at: { file, line: 1, col: 1 } }]
}

async function findSpectral(root: string): Promise<string | undefined> {
  const manifest = findManifest(root)
  if (manifest === undefined) return undefined
  const { bin }: { bin?: unknown } = JSON.parse(await readFile(manifest, 'utf8'))
  const program = isObject(bin) ? bin['spectral'] : bin
  return typeof program === 'string' ? join(dirname(manifest), program) : undefined
}

function findManifest(root: string): string | undefined {
  try {
    return findPackageJSON(PACKAGE, pathToFileURL(join(root, 'barbacane.yaml')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}

interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function run(args: readonly string[], cwd: string, host: Host): Promise<Ran> {
  return new Promise((done, fail) => {
    const options = { cwd, maxBuffer: MAX_OUTPUT_BYTES, signal: host.signal }
    execFile(process.execPath, [...args], options, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') fail(error)
      else done({ code: Number(error?.code ?? 0), stdout, stderr })
    })
  })
}

type Result = ReturnType<typeof decodeResult>

function parseResults(text: string): readonly Result[] | undefined {
  try {
    return decode.list(decodeResult)(JSON.parse(text), '')
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof decode.DecodeError) return undefined
    throw error
  }
}

/** The members of a result of `spectral lint --format json` that are used; lines and characters count from 0. */
function decodeResult(value: unknown, path: string) {
  if (!isObject(value)) throw new decode.DecodeError(path, 'a result of Spectral')
  const position = (part: unknown) => {
    const { line, character } = isObject(part) ? part : {}
    return { line: decode.count(line, path) + 1, col: decode.count(character, path) + 1 }
  }
  const { start, end } = isObject(value['range']) ? value['range'] : {}
  const severity = SEVERITIES[decode.count(value['severity'], path)]
  return {
    code: String(value['code']),
    message: decode.text(value['message'], path),
    severity: severity ?? 'info',
    pointer: formatPointer(decode.list((token) => String(token))(value['path'], path)),
    start: position(start),
    end: position(end),
    source: typeof value['source'] === 'string' ? value['source'] : undefined,
  }
}

function toFinding(
  { code, message, severity, pointer, start, end, source }: Result,
  root: string,
  first: string,
) {
  const file = source === undefined ? first : relative(root, resolve(root, source)).split(sep).join('/')
  const at = { file, ...start, endLine: end.line, endCol: end.col, pointer }
  return { rule: `spectral:${code}`, severity, message, at }
}
