import { readFile } from 'node:fs/promises'

import { systemReason } from '../../domain/index.ts'
import { attestProblems as problems } from '../problems.ts'

const PASSPHRASE_VARIABLE = 'BARBACANE_KEY_PASSPHRASE'

/**
 * The passphrase of a private key: the first line of the file where one is named, else the variable
 * BARBACANE_KEY_PASSPHRASE, else undefined. Never an argument of the command, which others on the machine can read.
 *
 * @throws {ProblemError} BCN_ATTEST_PASSPHRASE_FILE
 */
export async function readPassphrase(
  env: Readonly<Record<string, string | undefined>>,
  path?: string,
): Promise<string | undefined> {
  if (path === undefined) return env[PASSPHRASE_VARIABLE] || undefined
  let content: string
  try {
    content = await readFile(path, 'utf8')
  } catch (error) {
    throw problems.BCN_ATTEST_PASSPHRASE_FILE({ path, reason: systemReason(error) }, { cause: error })
  }
  const passphrase = content.split(/\r?\n/, 1)[0]
  if (!passphrase) throw problems.BCN_ATTEST_PASSPHRASE_FILE({ path, reason: 'its first line is empty' })
  return passphrase
}
