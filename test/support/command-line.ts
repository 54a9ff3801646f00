import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { Plugin, settings, type Command } from '@oclif/core'

import { repositoryRoot } from './source-tree.ts'

/** Every command of the source, by id, as oclif sees it. */
export async function readCommands(): Promise<readonly Command.Cached[]> {
  settings.enableAutoTranspile = false
  const pjson = JSON.parse(await readFile(join(repositoryRoot, 'package.json'), 'utf8'))
  pjson.oclif.commands.target = './src/commands'
  const plugin = new Plugin({
    root: repositoryRoot,
    pjson,
    isRoot: true,
    type: 'core',
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  })
  await plugin.load()
  return plugin.commands
}
