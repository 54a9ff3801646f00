import { basename, resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import { readArtifact, writeFileAtomic } from '../artifact/index.ts'
import {
  createSbom,
  readInstalledPackages,
  sbomPathOf,
  sbomVersions,
  type SbomVersion,
} from '../attest/index.ts'
import { digestOf, type Digest } from '../domain/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'

interface SbomResult {
  /** Null where it was printed. */
  readonly sbom: string | null
  readonly sbom_digest: Digest
  readonly spec_version: SbomVersion
  readonly artifact_hash: Digest
  readonly artifact_digest: Digest
}

export default class Sbom extends BaseCommand<SbomResult> {
  static override summary = "Write an artifact's bill of materials."
  static override description =
    'CycloneDX JSON: the artifact, every input with its hash, every plugin with what it may do, and the compiler with ' +
    'every package it brings. The same artifact and the same installation give the same bytes.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> api.bca',
    '<%= config.bin %> <%= command.id %> api.bca --spec-version 1.7 --output -',
  ]
  static override args = { artifact: Args.string({ required: true, description: 'The .bca file.' }) }
  static override flags = {
    'spec-version': Flags.option({
      options: sbomVersions,
      default: '1.6' as const,
      summary: 'Version of CycloneDX.',
    })(),
    output: Flags.string({
      char: 'o',
      summary: 'Where to write; ARTIFACT.cdx.json unless given, - for stdout.',
      helpValue: 'FILE',
    }),
  }

  protected async execute(): Promise<Outcome<SbomResult>> {
    const { args, flags } = await this.parse(Sbom)
    const { cwd, signal } = this.host
    const artifact = await readArtifact(resolve(cwd, args.artifact))
    const specVersion = flags['spec-version']
    const packages = await readInstalledPackages(this.config.root)
    const bytes = await createSbom({ artifact, name: basename(args.artifact), specVersion, packages })
    const path = flags.output ?? sbomPathOf(args.artifact)
    const isPrinted = path === '-'
    if (!isPrinted) await writeFileAtomic(resolve(cwd, path), bytes, signal)
    const result = {
      sbom: isPrinted ? null : path,
      sbom_digest: digestOf(bytes),
      spec_version: specVersion,
      artifact_hash: artifact.manifest.artifact_hash,
      artifact_digest: artifact.digest,
    }
    return { result, text: () => (isPrinted ? bytes.toString('utf8') : `${path} ${result.sbom_digest}`) }
  }
}
