import type * as CycloneDx from '@cyclonedx/cyclonedx-library'
import type { PackageURL } from 'packageurl-js'

/** The libraries, loaded when the first SBOM is made. */
export interface SbomKit {
  readonly library: typeof CycloneDx
  readonly PackageURL: typeof PackageURL
}

export type SbomComponent = CycloneDx.Models.Component
export type SbomDocument = CycloneDx.Models.Bom
