import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { execute, settings } from '@oclif/core'

/**
 * Runs the command line of this process.
 *
 * @param {{ root: string, fromSource: boolean }} options the package's folder, and whether to run `src/*.ts` by type
 *   stripping instead of the built `dist/`.
 */
export async function start({ root, fromSource }) {
  // TypeScript 7 has no compiler API for oclif to load; Node strips the types itself.
  settings.enableAutoTranspile = false
  settings.debug = Boolean(process.env.BARBACANE_DEBUG)
  if (!fromSource) return execute({ loadOptions: { root } })
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  await execute({ loadOptions: { root, pjson: sourceOf(pjson), ignoreManifest: true } })
}

function sourceOf(pjson) {
  const { commands, hooks } = pjson.oclif
  const sourceHooks = Object.entries(hooks).map(([event, target]) => [event, sourcePath(target)])
  return {
    ...pjson,
    oclif: {
      ...pjson.oclif,
      commands: { ...commands, target: sourcePath(commands.target) },
      hooks: Object.fromEntries(sourceHooks),
    },
  }
}

function sourcePath(path) {
  return path.replace('./dist/', './src/').replace(/\.js$/, '.ts')
}
