import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'

import { ifFound } from '../../domain/index.ts'

/** What a user can name where an artifact is wanted: a `.bca` file, an OCI image layout, an image in a registry. */
export type TargetKind = 'artifact' | 'layout' | 'registry'

/**
 * Tells what a text names. What exists is never taken for a reference, and neither is a `.bca` that does not: a name
 * that is misspelt touches no network.
 */
export async function kindOfTarget(text: string, cwd: string): Promise<TargetKind> {
  if (/^(?:oci|docker):\/\//.test(text)) return 'registry'
  if (/^oci(?:-archive)?:/.test(text)) return 'layout'
  const found = await ifFound(stat(resolve(cwd, text)))
  if (found?.isDirectory() === true || text.endsWith('.tar')) return 'layout'
  return found === undefined && namesRegistry(text) ? 'registry' : 'artifact'
}

/** True for `HOST/…` where the host has a dot within, a port, or is `localhost`, and no file is meant. */
function namesRegistry(text: string): boolean {
  const [host = '', ...path] = text.split('/')
  if (path.length === 0 || text.endsWith('.bca')) return false
  return host === 'localhost' || /^\[[0-9a-fA-F:]+\]|[^.][.:][^.]/.test(host)
}
