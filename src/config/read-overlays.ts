import { posix } from 'node:path'

import { isObject } from '../domain/index.ts'
import type { Fault } from './manifest-document.ts'

const HINT = 'Write a list of files, e.g. `overlays: [./overlays/gateway.yaml]`.'

/**
 * Reads `overlays` of a manifest: files in the order in which they are applied.
 *
 * @param hasPathFaults reports what keeps a text from being a path of the project.
 */
export function readOverlays(
  manifest: Readonly<Record<string, unknown>>,
  faults: Fault[],
  hasPathFaults: (text: string, at: Fault['at'], faults: Fault[]) => boolean,
): readonly string[] {
  const { overlays = [] } = manifest
  if (!Array.isArray(overlays)) {
    const what = isObject(overlays) ? 'an object' : JSON.stringify(overlays).slice(0, 40)
    faults.push({ at: ['overlays'], message: `\`overlays\` is ${what}, not a list`, hint: HINT })
    return []
  }
  const paths: string[] = []
  for (const [index, text] of overlays.entries()) {
    const at = ['overlays', index]
    if (typeof text !== 'string' || text === '') {
      faults.push({
        at,
        message: `The entry is ${JSON.stringify(text).slice(0, 40)}, not a path`,
        hint: HINT,
      })
    } else if (!hasPathFaults(text, at, faults)) {
      const path = posix.normalize(text)
      const message = `${JSON.stringify(text)} is listed twice`
      if (paths.includes(path)) faults.push({ at, message, hint: 'Remove one of the two.' })
      else paths.push(path)
    }
  }
  return paths
}
