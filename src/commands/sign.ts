import { basename, resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import { readArtifact, writeFileAtomic } from '../artifact/index.ts'
import { attestProblems as problems, bundlePathOf, readSmallFile, signArtifact } from '../attest/index.ts'
import { digestOf, type Digest } from '../domain/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { resolveSigning, signingFlags } from './frame/signing-flags.ts'

interface SignResult {
  readonly bundle: string
  readonly artifact_hash: Digest
  readonly artifact_digest: Digest
  /** The SBOM that the signature covers. */
  readonly sbom_digest: Digest | null
  /** The image that the signature covers. */
  readonly image_digest: Digest | null
  readonly method: 'key' | 'keyless'
}

export default class Sign extends BaseCommand<SignResult> {
  static override summary = 'Sign an artifact.'
  static override description =
    'Signs an in-toto statement (SLSA provenance v1) about the artifact: its digest and fingerprint, the commit, every ' +
    'input, the options, the SBOM and the image. The bundle (Sigstore v0.3) is written beside the artifact. With --key nothing ' +
    'touches the network unless a log or a time stamping authority is named.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> api.bca --key release.key',
    '<%= config.bin %> <%= command.id %> api.bca --key release.key --sbom api.bca.cdx.json',
    '<%= config.bin %> <%= command.id %> api.bca --keyless',
    '<%= config.bin %> <%= command.id %> api.bca --key release.key --image image',
  ]
  static override args = { artifact: Args.string({ required: true, description: 'The .bca file.' }) }
  static override flags = {
    ...signingFlags,
    sbom: Flags.string({ summary: 'SBOM that the signature covers too.', helpValue: 'FILE' }),
    image: Flags.string({
      summary: 'Image layout with this artifact, whose image the signature covers too.',
      helpValue: 'LAYOUT',
    }),
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
    const imageDigest =
      flags.image === undefined ? undefined : await this.readImage(flags.image, artifact.digest)
    const subject = { artifact, name: basename(args.artifact), sbom, imageDigest }
    const bundle = await signArtifact(subject, method, env)
    const path = flags.output ?? bundlePathOf(args.artifact)
    await writeFileAtomic(resolve(cwd, path), bundle, signal)
    const result = {
      bundle: path,
      artifact_hash: artifact.manifest.artifact_hash,
      artifact_digest: artifact.digest,
      sbom_digest: sbom === undefined ? null : digestOf(sbom),
      image_digest: imageDigest ?? null,
      method: method.kind,
    }
    return {
      result,
      text: (style) => `${style.green('signed')} ${args.artifact} ${artifact.digest}\n${path}`,
    }
  }

  // Loaded late: only who signs an image needs what reads images.
  private async readImage(layout: string, artifactDigest: Digest): Promise<Digest> {
    const { readImageTarget } = await import('./frame/read-image-target.ts')
    const target = { kind: 'layout', name: layout, plainHttp: false } as const
    const { artifactBytes, imageDigest } = await readImageTarget(target, this.host)
    const found = digestOf(artifactBytes)
    if (found === artifactDigest) return imageDigest
    throw problems.BCN_ATTEST_IMAGE({ layout, found, expected: artifactDigest })
  }
}
