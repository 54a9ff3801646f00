import { resolve } from 'node:path'

import { Args } from '@oclif/core'

import { inspectArtifact, readArtifact } from '../artifact/index.ts'
import type { Inspection } from '../domain/index.ts'
import { renderInspection } from '../terminal/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'

export default class Inspect extends BaseCommand<Inspection> {
  static override summary = 'Show what an artifact holds.'
  static override description =
    'Verifies the artifact first: its form, its checksum, every entry, every input and the fingerprint. What is shown ' +
    'after that is what the file holds; who made it is what a signature tells.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> api.bca',
    '<%= config.bin %> <%= command.id %> api.bca --json | jq -r .result.artifact_hash',
  ]
  static override args = { artifact: Args.string({ required: true, description: 'The .bca file.' }) }

  protected async execute(): Promise<Outcome<Inspection>> {
    const { args } = await this.parse(Inspect)
    const inspection = inspectArtifact(await readArtifact(resolve(this.host.cwd, args.artifact)))
    return { result: inspection, text: (style) => renderInspection(inspection, style) }
  }
}
