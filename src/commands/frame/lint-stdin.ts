import { resolve } from 'node:path'

import { commandProblems as problems } from '../problems.ts'
import { lintTarget, type Linted, type LintOptions } from './lint-files.ts'
import { findLintTarget } from './lint-target.ts'

/** As much as a file may have. */
const MAX_BYTES = 50 * 1024 * 1024

/**
 * Lints one document that comes as bytes, in the place of the file of its name: references in it are relative to
 * that file, and references of others to the file lead to it.
 *
 * @param name relative to the working directory; the file need not exist.
 * @throws {ProblemError} BCN_CLI_USAGE where there is too much of it; what `findLintTarget` throws.
 */
export async function lintStdin(
  input: AsyncIterable<Uint8Array>,
  name: string,
  options: LintOptions,
): Promise<Linted> {
  const bytes = await readAll(input)
  const target = await findLintTarget([resolve(options.cwd, name)], options.cwd)
  return lintTarget(target, options, new Map(target.paths.map((path) => [path, bytes])))
}

async function readAll(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of input) {
    sizeBytes += chunk.length
    if (sizeBytes > MAX_BYTES) {
      const fault = `What comes from stdin has more than ${MAX_BYTES} bytes`
      throw problems.BCN_CLI_USAGE({ fault, command: 'lint', suggestion: undefined })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
