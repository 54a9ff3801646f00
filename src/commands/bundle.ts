import { extname, resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import type { DescriptionFormat } from '../compiler/bundle/index.ts'
import type { JsonObject } from '../domain/index.ts'
import { counted } from '../terminal/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { findBundleTarget } from './frame/bundle-target.ts'
import { referenceFlags } from './frame/reference-flags.ts'
import { remoteAccess, remoteReferencesOf } from './frame/remote-documents.ts'

interface BundleResult {
  /** Every file and URL that went into it, the description first. */
  readonly files: readonly string[]
  /** How many parts of other files became components. */
  readonly components: number
  /** Where it was written to; null for stdout. */
  readonly output: string | null
  /** The bundle itself, where it was not written to a file. */
  readonly document: JsonObject | null
}

export default class Bundle extends BaseCommand<BundleResult> {
  static override summary = 'Make one self-contained file of a description.'
  static override description =
    'What the description refers to in other files, and in the network where the lock pins it, becomes components of ' +
    'it; the overlays of the project are applied. The result means the same: it compiles to the same routes.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> specs/shop.yaml -o dist/shop.yaml',
    '<%= config.bin %> <%= command.id %> --format json > shop.json',
  ]
  static override args = {
    file: Args.string({ description: 'The description; without it, the only one of the project.' }),
  }
  static override flags = {
    output: Flags.string({ char: 'o', summary: 'Write to a file.', helpValue: 'FILE' }),
    format: Flags.option({
      options: ['yaml', 'json'] as const,
      summary: 'What to write; unless given, what the file is called, or what the description is written in.',
    })(),
    ...referenceFlags,
  }

  protected async execute(): Promise<Outcome<BundleResult>> {
    const { args, flags } = await this.parse(Bundle)
    const { path, lock, ...target } = await findBundleTarget(args.file, this.host.cwd)
    const openRemote = remoteAccess(remoteReferencesOf(flags), this.host)(lock)
    const { bundleDescription, printDescription } = await import('../compiler/bundle/index.ts')
    const { document, files, components, syntax } = await bundleDescription(path, { ...target, openRemote })
    const format = flags.format ?? formatOf(flags.output) ?? syntax
    const text = printDescription(document, format)
    const { output = null } = flags
    if (output !== null) {
      const { writeFileAtomic } = await import('../artifact/index.ts')
      await writeFileAtomic(resolve(this.host.cwd, output), Buffer.from(text), this.host.signal)
    }
    const said = `Wrote ${output}: ${counted(files.length, 'file')}, ${counted(components, 'component')} added.`
    return {
      result: { files, components, output, document: output === null ? document : null },
      text: () => (output === null ? text.trimEnd() : said),
    }
  }
}

function formatOf(output: string | undefined): DescriptionFormat | undefined {
  const extension = extname(output ?? '').toLowerCase()
  return extension === '.json' ? 'json' : /^\.ya?ml$/.test(extension) ? 'yaml' : undefined
}
