import { Flags } from '@oclif/core'

import {
  createRuntimeHost,
  logFormats,
  logLevels,
  runGateway,
  serveDefaults,
  tlsVersions,
} from '../runtime/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { listenFlags } from './frame/listen-flags.ts'
import type { LocatedArtifact } from './frame/locate-artifact.ts'
import { mentionsSignature, signatureFlags, type SignatureFlagValues } from './frame/signature-flags.ts'

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
    artifact: Flags.string({
      required: true,
      summary: 'The .bca file to serve, or oci://HOST/REPOSITORY@sha256:DIGEST.',
      helpValue: 'FILE',
    }),
    ...signatureFlags,
    ...listenFlags,
    'tls-cert': Flags.string({
      env: 'BARBACANE_TLS_CERT',
      summary: 'Certificates (PEM, with their chains) of the public listener, with commas.',
      helpValue: 'FILES',
    }),
    'tls-key': Flags.string({
      env: 'BARBACANE_TLS_KEY',
      summary: 'Their private keys (PEM), in the same order.',
      helpValue: 'FILES',
    }),
    'tls-min-version': Flags.string({
      default: serveDefaults['tls-min-version'],
      options: [...tlsVersions],
      summary: 'The oldest TLS that is spoken.',
    }),
    dev: Flags.boolean({ summary: 'Show internal details in error responses.' }),
    'allow-plaintext-upstream': Flags.boolean({
      summary: 'Forward to http:// upstreams (the artifact must be compiled with --allow-plaintext).',
    }),
    'allow-private-upstream': Flags.boolean({
      summary: 'Forward to upstreams whose names stand for private addresses.',
    }),
    'trusted-proxies': Flags.string({
      default: serveDefaults['trusted-proxies'],
      summary: 'Addresses and networks, with commas, whose X-Forwarded-… are believed.',
      helpValue: 'LIST',
    }),
    'log-level': Flags.string({
      default: serveDefaults['log-level'],
      options: [...logLevels],
      summary: 'What to log.',
    }),
    'log-format': Flags.string({
      default: serveDefaults['log-format'],
      options: [...logFormats],
      summary: 'How to log.',
    }),
    'max-body-size': Flags.string({
      default: serveDefaults['max-body-size'],
      summary: 'Largest request body, e.g. 512KiB.',
      helpValue: 'SIZE',
    }),
    'shutdown-timeout': Flags.string({
      default: serveDefaults['shutdown-timeout'],
      summary: 'Seconds that requests in flight have to finish.',
      helpValue: 'SECONDS',
    }),
    'node-name': Flags.string({
      summary: 'Name of this node in the fleet; the name of the machine unless given.',
      helpValue: 'NAME',
    }),
    'node-key': Flags.string({
      summary: 'Ed25519 private key (PEM) with which this node proves what it runs.',
      helpValue: 'FILE',
    }),
  }

  protected async execute(): Promise<Outcome<ServeResult>> {
    const { flags: given } = await this.parse(Serve)
    const located = await this.locateArtifact(given)
    const accept = mentionsSignature(given) ? await this.acceptSigned(given, located) : undefined
    const drained = await runGateway(
      { ...given, artifact: located?.path ?? given.artifact },
      createRuntimeHost(this.host, process),
      this.config.version,
      accept,
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
