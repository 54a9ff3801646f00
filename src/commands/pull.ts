import { resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import { writeFileAtomic } from '../artifact/index.ts'
import { attachmentFiles, parseReference, pullImage } from '../oci/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { imageFlags } from './frame/image-flags.ts'
import { createRegistryHost } from './frame/registry-host.ts'

interface PullResult {
  /** Digest of the image's manifest. */
  readonly digest: string
  readonly shape: string
  readonly artifact_hash: string
  readonly artifact_digest: string
  /** The files written, the artifact first. */
  readonly files: readonly string[]
}

export default class Pull extends BaseCommand<PullResult> {
  static override summary = 'Fetch an artifact from a registry.'
  static override description =
    'Verifies every digest from the manifest down to the fingerprint, and the labels against the artifact. Signature ' +
    'bundles and SBOMs that are attached are written beside it as FILE.sigstore.json and FILE.cdx.json; who signed is ' +
    'what `verify` tells.'
  static override examples = ['<%= config.bin %> <%= command.id %> registry.example/apis/shop:1.4 -o api.bca']
  static override args = {
    reference: Args.string({ required: true, description: 'HOST[:PORT]/REPOSITORY[:TAG][@sha256:DIGEST].' }),
  }
  static override flags = {
    output: Flags.string({
      char: 'o',
      required: true,
      summary: 'The .bca file to write.',
      helpValue: 'FILE',
    }),
    'plain-http': imageFlags['plain-http'],
  }

  protected async execute(): Promise<Outcome<PullResult>> {
    const { args, flags } = await this.parse(Pull)
    const options = { plainHttp: flags['plain-http'] }
    const pulled = await pullImage(parseReference(args.reference), createRegistryHost(this.host), options)
    const files = [[flags.output, pulled.bytes] as const, ...attachmentFiles(flags.output, pulled)]
    // The artifact comes last: where it is, what belongs to it is too.
    for (const [path, bytes] of files.toReversed()) {
      await writeFileAtomic(resolve(this.host.cwd, path), bytes, this.host.signal)
    }
    const result = {
      digest: pulled.image.descriptor.digest,
      shape: pulled.shape,
      artifact_hash: pulled.artifact.manifest.artifact_hash,
      artifact_digest: pulled.artifact.digest,
      files: files.map(([path]) => path),
    }
    return { result, text: () => result.files.join('\n') }
  }
}
