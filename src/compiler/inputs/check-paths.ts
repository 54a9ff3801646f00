import { isEntryPath } from '../../artifact/index.ts'
import { entryPathOf, inputPathFault, type Finding, type InputKind } from '../../domain/index.ts'
import { inputFault, startOf } from './input-fault.ts'

/** Finds paths that are not the same on every machine, or not two where letter case does not count (DESIGN §5.3). */
export function checkPaths(
  files: readonly { readonly kind: InputKind; readonly path: string }[],
): readonly Finding[] {
  const findings: Finding[] = []
  const folded = new Map<string, string>()
  for (const { kind, path } of files) {
    const fault =
      inputPathFault(path) ?? (isEntryPath(entryPathOf({ kind, path })) ? undefined : 'it is too long')
    if (fault !== undefined) {
      const message = `${JSON.stringify(path)} cannot be the path of an input: ${fault}`
      findings.push(inputFault(startOf(path), message, 'Rename the file, and what refers to it.'))
    }
    const key = path.normalize('NFC').toUpperCase().toLowerCase()
    const other = folded.get(key)
    if (other === undefined) folded.set(key, path)
    else if (other !== path) {
      const message = `${JSON.stringify(path)} and ${JSON.stringify(other)} are one file where letter case does not count`
      findings.push(inputFault(startOf(path), message, 'Rename one of the two, and what refers to it.'))
    }
  }
  return findings
}
