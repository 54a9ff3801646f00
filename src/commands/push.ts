import { resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import { readArtifactBytes } from '../artifact/index.ts'
import {
  attachToImage,
  parseLayoutReference,
  parseReference,
  planImage,
  pushImage,
  readLayout,
  type AttachmentFiles,
  type ImageGraph,
  type ImageReference,
  type PushedImage,
} from '../oci/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { readAttachedFiles } from './frame/attached-files.ts'
import { imageFlags } from './frame/image-flags.ts'
import { createRegistryHost } from './frame/registry-host.ts'
import { kindOfTarget } from './frame/target-kind.ts'
import { transferProgress } from './frame/transfer-progress.ts'

const MEBIBYTE = 1024 * 1024

export default class Push extends BaseCommand<PushedImage> {
  static override summary = 'Push an image or an artifact to a registry.'
  static override description =
    'Takes an image layout (a folder, a .tar, or oci:PATH:TAG), or a .bca file, which is packaged as `package` does ' +
    'with no options. What is attached is pushed as OCI referrers before any tag moves, and every manifest is read ' +
    'back. Prints the reference with its digest. Credentials are those of docker login.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> image registry.example/apis/shop:1.4',
    '<%= config.bin %> <%= command.id %> api.bca registry.example/apis/shop --bundle api.bca.sigstore.json',
  ]
  static override args = {
    target: Args.string({ required: true, description: 'The layout or the .bca file.' }),
    reference: Args.string({ required: true, description: 'HOST[:PORT]/REPOSITORY[:TAG].' }),
  }
  static override flags = {
    ...imageFlags,
    'chunk-size': Flags.integer({
      min: 1,
      max: 1024,
      summary: 'Send content in pieces of this many MiB instead of whole.',
      helpValue: 'MIB',
    }),
  }

  protected async execute(): Promise<Outcome<PushedImage>> {
    const { args, flags } = await this.parse(Push)
    const reference = parseReference(args.reference)
    const files = await readAttachedFiles(this.host.cwd, flags)
    const graph = await readTarget(args.target, this.host.cwd, files)
    const pushed = await pushImage(graph, reference, createRegistryHost(this.host), {
      plainHttp: flags['plain-http'],
      tags: flags.tag ?? defaultTags(reference, graph),
      ...(flags['chunk-size'] && { chunkBytes: flags['chunk-size'] * MEBIBYTE }),
      ...(!flags.quiet && !this.jsonEnabled() && { onProgress: transferProgress(process.stderr) }),
    })
    return {
      result: pushed,
      text: () => pushed.reference,
      ci: () => ({
        outputs: { reference: pushed.reference, image_digest: pushed.digest },
        summary: `### Pushed\n\n\`${pushed.reference}\``,
      }),
    }
  }
}

async function readTarget(target: string, cwd: string, files: AttachmentFiles): Promise<ImageGraph> {
  if ((await kindOfTarget(target, cwd)) !== 'layout')
    return planImage('image', await readArtifactBytes(resolve(cwd, target)), files)
  const { path, ...chosen } = parseLayoutReference(target)
  const image = await readLayout({ path: resolve(cwd, path), ...chosen })
  return attachToImage(image, image.artifact, files)
}

/** A reference that names nothing takes the names that the image has in its layout. */
function defaultTags({ tag, digest }: ImageReference, { tags }: ImageGraph): readonly string[] {
  return tag === undefined && digest === undefined ? tags : []
}
