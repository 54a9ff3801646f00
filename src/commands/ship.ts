import { Flags } from '@oclif/core'

import { bundlePathOf, sbomPathOf, sbomVersions } from '../attest/index.ts'
import { severities } from '../domain/index.ts'
import { parseReference } from '../oci/index.ts'
import { runSteps, type StepReport } from '../terminal/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { imageFlags } from './frame/image-flags.ts'
import { referenceFlags } from './frame/reference-flags.ts'
import { remoteReferencesOf } from './frame/remote-documents.ts'
import { renderShipment } from './frame/ship/render-shipment.ts'
import type { ShipRequest } from './frame/ship/ship-request.ts'
import { layoutPathOf, shipSteps, type Shipment } from './frame/ship/ship-steps.ts'
import { resolveSigning, signingFlags } from './frame/signing-flags.ts'

interface ShipResult {
  readonly dry_run: boolean
  readonly steps: readonly StepReport[]
  readonly outputs: {
    readonly artifact: string
    readonly artifact_hash: string | null
    readonly artifact_digest: string | null
    readonly commit: string | null
    readonly sbom: string
    /** Null where nothing was signed. */
    readonly bundle: string | null
    readonly layout: string
    readonly image_digest: string | null
    /** `REGISTRY/REPOSITORY@sha256:…`; null where nothing was pushed. */
    readonly reference: string | null
  }
}

export default class Ship extends BaseCommand<ShipResult> {
  static override summary = 'Lint, compile, describe, sign, package and push.'
  static override description =
    'The way of an artifact from descriptions to a registry in one command. Files are written beside the artifact: ' +
    'its SBOM (.cdx.json), its signature (.sigstore.json) and its image (.oci.tar). What is there already and right is ' +
    'left as it is, so that a run that failed can be repeated. In GitHub Actions the results are outputs of the step.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --keyless --to registry.example/apis/shop:1.4',
    '<%= config.bin %> <%= command.id %> --key release.key -o build/shop.bca',
    '<%= config.bin %> <%= command.id %> --unsigned --to localhost:5000/shop --dry-run',
  ]
  static override flags = {
    ...signingFlags,
    unsigned: Flags.boolean({ summary: 'Do not sign.', helpGroup: 'SIGNING' }),
    manifest: Flags.string({
      char: 'm',
      summary: 'The barbacane.yaml; found from the working directory upwards unless given.',
      helpValue: 'FILE',
    }),
    output: Flags.string({
      char: 'o',
      default: 'api.bca',
      summary: 'The artifact to write.',
      helpValue: 'FILE',
    }),
    to: Flags.string({
      summary: 'Where to push; without it nothing is pushed.',
      helpValue: 'HOST/REPOSITORY[:TAG]',
    }),
    tag: imageFlags.tag,
    'plain-http': imageFlags['plain-http'],
    'allow-plaintext': Flags.boolean({ default: false, summary: 'Accept http:// upstreams.' }),
    ...referenceFlags,
    'fail-on': Flags.option({
      options: severities,
      default: 'error' as const,
      summary: 'The least severity of a finding that stops it.',
    })(),
    'sbom-version': Flags.option({
      options: sbomVersions,
      default: '1.6' as const,
      summary: 'Version of CycloneDX.',
    })(),
    'dry-run': Flags.boolean({ default: false, summary: 'Show what would be done.' }),
  }

  protected async execute(): Promise<Outcome<ShipResult>> {
    const { flags } = await this.parse(Ship)
    const request: ShipRequest = {
      build: {
        manifest: flags.manifest,
        specs: undefined,
        allowPlaintext: flags['allow-plaintext'],
        references: remoteReferencesOf(flags),
        commit: undefined,
        source: undefined,
      },
      failOn: flags['fail-on'],
      output: flags.output,
      sbomVersion: flags['sbom-version'],
      signing: flags.unsigned ? undefined : await resolveSigning(flags, this.host),
      reference: flags.to === undefined ? undefined : parseReference(flags.to),
      tags: flags.tag ?? [],
      plainHttp: flags['plain-http'],
      dryRun: flags['dry-run'],
    }
    const shipment: Shipment = {}
    const { version, root: packageRoot } = this.config
    const steps = await runSteps(shipSteps(request, shipment, { host: this.host, version, packageRoot }), {
      mode: flags.quiet || this.jsonEnabled() ? 'none' : process.stderr.isTTY ? 'live' : 'lines',
      stream: process.stderr,
      style: this.styleOf(process.stderr),
      monotonicMs: () => performance.now(),
    })
    const outputs = outputsOf(request, shipment)
    return {
      result: { dry_run: request.dryRun, steps, outputs },
      text: () => outputs.reference ?? outputs.artifact_digest ?? '',
      ...(!request.dryRun && { ci: () => ({ outputs, summary: renderShipment(steps, outputs) }) }),
    }
  }
}

function outputsOf({ output, signing }: ShipRequest, shipment: Shipment): ShipResult['outputs'] {
  const { artifact, imageDigest, pushed } = shipment
  return {
    artifact: output,
    artifact_hash: artifact?.manifest.artifact_hash ?? null,
    artifact_digest: artifact?.digest ?? null,
    commit: artifact?.manifest.provenance.commit ?? null,
    sbom: sbomPathOf(output),
    bundle: signing === undefined ? null : bundlePathOf(output),
    layout: layoutPathOf(output),
    image_digest: imageDigest ?? null,
    reference: pushed?.reference ?? null,
  }
}
