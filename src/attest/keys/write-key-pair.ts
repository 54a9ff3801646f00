import { randomBytes } from 'node:crypto'
import { link, open, rm } from 'node:fs/promises'

import { systemReason } from '../../domain/index.ts'
import { attestProblems as problems } from '../problems.ts'
import type { KeyPairPem } from './generate-key.ts'

/**
 * Writes a key pair to `<base>.key` (mode 0600) and `<base>.pub` (mode 0644): both or neither, and never over an
 * existing file.
 *
 * @throws {ProblemError} BCN_ATTEST_KEY_EXISTS, BCN_ATTEST_KEY_NOT_WRITTEN
 */
export async function writeKeyPair(base: string, pair: KeyPairPem): Promise<KeyFiles> {
  const files: KeyFiles = { privateKey: `${base}.key`, publicKey: `${base}.pub` }
  await writeNew(files.privateKey, pair.privatePem, 0o600)
  try {
    await writeNew(files.publicKey, pair.publicPem, 0o644)
  } catch (error) {
    await rm(files.privateKey, { force: true })
    throw error
  }
  return files
}

export interface KeyFiles {
  readonly privateKey: string
  readonly publicKey: string
}

// A hard link fails when its name is taken, which a rename does not.
async function writeNew(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.tmp-${randomBytes(6).toString('hex')}`
  try {
    {
      await using file = await open(temporary, 'wx', mode)
      await file.writeFile(text)
      await file.sync()
    }
    await link(temporary, path)
  } catch (error) {
    if (isTaken(error)) throw problems.BCN_ATTEST_KEY_EXISTS({ path }, { cause: error })
    throw problems.BCN_ATTEST_KEY_NOT_WRITTEN({ path, reason: systemReason(error) }, { cause: error })
  } finally {
    await rm(temporary, { force: true })
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}
