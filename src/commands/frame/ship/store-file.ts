import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

import { writeFileAtomic } from '../../../artifact/index.ts'
import { ifFound, type Host } from '../../../domain/index.ts'
import type { StepState } from '../../../terminal/index.ts'

/** Writes a file unless it holds these bytes already; with `dryRun` only says what would happen. */
export async function storeFile(
  file: { readonly path: string; readonly bytes: Uint8Array },
  host: Host,
  dryRun: boolean,
): Promise<StepState> {
  const path = resolve(host.cwd, file.path)
  if ((await ifFound(readFile(path)))?.equals(file.bytes) === true) return 'unchanged'
  if (dryRun) return 'planned'
  await writeFileAtomic(path, file.bytes, host.signal)
  return 'done'
}
