import type { SigningMethod, SbomVersion } from '../../../attest/index.ts'
import type { Host, Severity } from '../../../domain/index.ts'
import type { ImageReference } from '../../../oci/index.ts'
import type { BuildRequest } from '../build-project.ts'

/** Everything `ship` was asked for, read and checked before the first step. */
export interface ShipRequest {
  readonly build: BuildRequest
  readonly failOn: Severity
  /** The artifact to write, as it was named; everything else is named after it. */
  readonly output: string
  readonly sbomVersion: SbomVersion
  /** Undefined where nothing is to be signed. */
  readonly signing: SigningMethod | undefined
  /** Where to push; undefined to stop after packaging. */
  readonly reference: ImageReference | undefined
  readonly tags: readonly string[]
  readonly plainHttp: boolean
  /** Show what would be done; write, sign and push nothing. */
  readonly dryRun: boolean
}

export interface ShipContext {
  readonly host: Host
  readonly version: string
  /** The folder of this package, whose dependencies the SBOM lists. */
  readonly packageRoot: string
}
