import { resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import { readArtifactBytes } from '../artifact/index.ts'
import {
  applyLayout,
  imageShapes,
  ociProblems as problems,
  planImage,
  resolveBase,
  type ImagePlan,
} from '../oci/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { readAttachedFiles } from './frame/attached-files.ts'
import { imageFlags, parsePlatform } from './frame/image-flags.ts'
import { createRegistryHost } from './frame/registry-host.ts'
import { describePackage, renderPackage, type PackageResult } from './frame/render-package.ts'

export default class Package extends BaseCommand<PackageResult> {
  static override summary = 'Put an artifact into an OCI image.'
  static override description =
    'Writes an OCI image layout, a folder or (where LAYOUT ends with .tar) a tar file. The same artifact and options ' +
    'give the same bytes on every machine. Nothing touches the network unless --base names a registry.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> api.bca -o image',
    '<%= config.bin %> <%= command.id %> api.bca -o image.tar --bundle api.bca.sigstore.json --sbom api.bca.cdx.json',
    '<%= config.bin %> <%= command.id %> api.bca -o image --shape runnable --base registry.example/barbacane@sha256:…',
  ]
  static override args = { artifact: Args.string({ required: true, description: 'The .bca file.' }) }
  static override flags = {
    ...imageFlags,
    output: Flags.string({ char: 'o', required: true, summary: 'The layout to write.', helpValue: 'LAYOUT' }),
    shape: Flags.option({
      options: imageShapes,
      default: 'image' as const,
      summary: 'Mountable config image, bare OCI artifact, or an image that serves.',
    })(),
    base: Flags.string({
      summary: 'Image to extend (runnable): oci:PATH[:TAG], or a registry reference with its digest.',
      helpValue: 'IMAGE',
    }),
    platform: Flags.string({
      summary: 'Platform of the image, and which one of a base to take; linux/amd64 unless given.',
      helpValue: 'OS/ARCH',
    }),
    'image-version': Flags.string({
      summary: 'Version label; default: start of the fingerprint.',
      helpValue: 'VERSION',
    }),
    'dry-run': Flags.boolean({ summary: 'Show the image without writing it.' }),
  }

  protected async execute(): Promise<Outcome<PackageResult>> {
    const { args, flags } = await this.parse(Package)
    const { cwd, signal } = this.host
    const bytes = await readArtifactBytes(resolve(cwd, args.artifact))
    const platform = flags.platform === undefined ? undefined : parsePlatform(flags.platform)
    const plan: ImagePlan = planImage(flags.shape, bytes, {
      ...(await readAttachedFiles(cwd, flags)),
      ...(flags.tag && { tags: flags.tag }),
      ...(flags['image-version'] && { version: flags['image-version'] }),
      ...(platform && { platform }),
      ...(await this.findBase(flags, platform)),
    })
    if (!flags['dry-run']) await applyLayout(plan, resolve(cwd, flags.output), signal)
    const result = describePackage(plan, flags['dry-run'] ? null : flags.output)
    return { result, text: (style) => renderPackage(result, style) }
  }

  private async findBase(
    flags: { base: string | undefined; shape: string; 'plain-http': boolean },
    platform = { os: 'linux', architecture: 'amd64' },
  ) {
    if (flags.base === undefined) {
      if (!flags['plain-http']) return {}
      throw problems.BCN_OCI_OPTIONS({ reason: '--plain-http is for a --base in a registry' })
    }
    const options = { plainHttp: flags['plain-http'] }
    return { base: await resolveBase(flags.base, platform, createRegistryHost(this.host), options) }
  }
}
