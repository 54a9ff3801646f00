import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

import type { FixedFinding } from '../../compiler/lint/index.ts'
import { isRemoteDocument, type Host } from '../../domain/index.ts'
import type { Linted } from './lint-files.ts'

const BYTE_ORDER_MARK = '\uFEFF'

/**
 * Writes the corrections of the findings that have one. A file that is no longer the one that was linted is left alone.
 *
 * @throws {ProblemError} BCN_ARTIFACT_NOT_WRITTEN
 */
export async function fixFiles(linted: Linted, host: Host): Promise<readonly FixedFinding[]> {
  const { applyFixes } = await import('../../compiler/lint/index.ts')
  const { writeFileAtomic } = await import('../../artifact/index.ts')
  const byFile = Map.groupBy(
    linted.findings.filter(({ fix, at }) => fix !== undefined && !isRemoteDocument(at.file)),
    ({ at }) => at.file,
  )
  const all: FixedFinding[] = []
  for (const [file, findings] of byFile) {
    const source = linted.sourceOf(file)
    const path = resolve(linted.root, file)
    const written = (await readFile(path)).toString('utf8')
    const mark = written.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : ''
    if (source === undefined || written !== mark + source) continue
    const { text, fixed } = applyFixes(source, findings)
    if (fixed.length === 0) continue
    await writeFileAtomic(path, Buffer.from(mark + text), host.signal)
    all.push(...fixed)
  }
  return all
}
