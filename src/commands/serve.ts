import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

import { Flags } from '@oclif/core'

import { createRuntimeHost, readSettings, runGateway, type GatheredSettings } from '../runtime/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import type { LocatedArtifact } from './frame/locate-artifact.ts'
import { settingFlags } from './frame/setting-flags.ts'
import { mentionsSignature, signatureFlags, type SignatureFlagValues } from './frame/signature-flags.ts'

/** The gateway without the command line, which is what a worker is. */
const workerEntry = fileURLToPath(new URL(`../runtime/main${extname(import.meta.url)}`, import.meta.url))

interface ServeResult {
  /** False where requests had to be cut off because the time to drain was over. */
  readonly drained: boolean
}

export default class Serve extends BaseCommand<ServeResult> {
  static override summary = 'Serve an artifact.'
  static override description =
    'Verifies the artifact, loads it and serves it until SIGTERM or Ctrl-C, then lets the requests in flight finish. ' +
    'The log goes to stdout; its first line says where the gateway listens.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --artifact api.bca',
    '<%= config.bin %> <%= command.id %> --artifact api.bca --listen 0.0.0.0:8080 --admin-bind off',
    '<%= config.bin %> <%= command.id %> --artifact oci://registry.example/apis/shop@sha256:… --require-signature',
  ]
  // The log of a running gateway is on stdout; there is no result to wait for.
  static override enableJsonFlag = false
  static override flags = {
    config: Flags.string({
      summary: 'Settings in YAML, by the names of the flags; BARBACANE_… and flags come before it.',
      helpValue: 'FILE',
    }),
    ...settingFlags(),
    ...signatureFlags,
  }

  protected async execute(): Promise<Outcome<ServeResult>> {
    const { flags: parsed } = await this.parse(Serve)
    const settings = await readSettings(parsed, parsed.config, this.host)
    const given = { ...parsed, artifact: settings.flags.artifact }
    const located = await this.locateArtifact(given)
    const accept = mentionsSignature(given) ? await this.acceptSigned(given, located) : undefined
    const drained = await runGateway(
      located === undefined ? settings : withArtifact(settings, located.path),
      createRuntimeHost(this.host, process),
      { version: this.config.version, workerEntry, accept },
    )
    return { result: { drained }, text: () => '' }
  }

  // Loaded late: a gateway that starts from a file asks no registry.
  private async locateArtifact(flags: {
    artifact: string
    'require-signature': boolean
  }): Promise<LocatedArtifact | undefined> {
    if (!flags.artifact.startsWith('oci://')) return undefined
    const { locateArtifact } = await import('./frame/locate-artifact.ts')
    return locateArtifact(flags, this.host)
  }

  // Loaded late: a gateway that checks no signature starts without what checks them.
  private async acceptSigned(flags: SignatureFlagValues, located: LocatedArtifact | undefined) {
    const { acceptSigned } = await import('./frame/accept-signed.ts')
    return acceptSigned(flags, this.host, located)
  }
}

function withArtifact(settings: GatheredSettings, artifact: string): GatheredSettings {
  return { ...settings, flags: { ...settings.flags, artifact } }
}
