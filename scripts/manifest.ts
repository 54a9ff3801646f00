import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { Plugin, settings } from '@oclif/core'

/**
 * Writes `oclif.manifest.json`: every command with its flags, so that a start loads one command and not all of them.
 * It needs the built `dist/`.
 */
export async function writeManifest(root: string): Promise<void> {
  const target = join(root, 'oclif.manifest.json')
  // What is there describes the last build.
  await rm(target, { force: true })
  settings.enableAutoTranspile = false
  const pjson = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const plugin = new Plugin({
    root,
    pjson,
    isRoot: true,
    type: 'core',
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  })
  await plugin.load()
  await writeFile(target, `${JSON.stringify(plugin.manifest, undefined, 2)}\n`)
}

if (import.meta.main) await writeManifest(join(import.meta.dirname, '..'))
