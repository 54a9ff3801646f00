import { basename, resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import { readArtifact, writeFileAtomic } from '../artifact/index.ts'
import { bundlePathOf, readSmallFile, signArtifact } from '../attest/index.ts'
import { digestOf, type Digest } from '../domain/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { resolveSigning, signingFlags } from './frame/signing-flags.ts'

interface SignResult {
  readonly bundle: string
  readonly artifact_hash: Digest
  readonly artifact_digest: Digest
  /** The SBOM that the signature covers. */
  readonly sbom_digest: Digest | null
  readonly method: 'key' | 'keyless'
}

export default class Sign extends BaseCommand<SignResult> {
  static override summary = 'Sign an artifact.'
  static override description =
    'Signs an in-toto statement (SLSA provenance v1) about the artifact: its digest and fingerprint, the commit, every ' +
    'input, the options and the SBOM. The bundle (Sigstore v0.3) is written beside the artifact. With --key nothing ' +
    'touches the network unless a log or a time stamping authority is named.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> api.bca --key release.key',
    '<%= config.bin %> <%= command.id %> api.bca --key release.key --sbom api.bca.cdx.json',
    '<%= config.bin %> <%= command.id %> api.bca --keyless',
  ]
  static override args = { artifact: Args.string({ required: true, description: 'The .bca file.' }) }
  static override flags = {
    ...signingFlags,
    sbom: Flags.string({ summary: 'SBOM that the signature covers too.', helpValue: 'FILE' }),
    output: Flags.string({
      char: 'o',
      summary: 'Where to write the bundle; ARTIFACT.sigstore.json unless given.',
      helpValue: 'FILE',
    }),
  }

  protected async execute(): Promise<Outcome<SignResult>> {
    const { args, flags } = await this.parse(Sign)
    const { cwd, env, signal } = this.host
    const method = await resolveSigning(flags, this.host)
    const artifact = await readArtifact(resolve(cwd, args.artifact))
    const sbom = flags.sbom === undefined ? undefined : await readSmallFile(resolve(cwd, flags.sbom))
    const bundle = await signArtifact({ artifact, name: basename(args.artifact), sbom }, method, env)
    const path = flags.output ?? bundlePathOf(args.artifact)
    await writeFileAtomic(resolve(cwd, path), bundle, signal)
    const result = {
      bundle: path,
      artifact_hash: artifact.manifest.artifact_hash,
      artifact_digest: artifact.digest,
      sbom_digest: sbom === undefined ? null : digestOf(sbom),
      method: method.kind,
    }
    return {
      result,
      text: (style) => `${style.green('signed')} ${args.artifact} ${artifact.digest}\n${path}`,
    }
  }
}
