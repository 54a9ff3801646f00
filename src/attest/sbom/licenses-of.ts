import type { SbomKit } from './kit.ts'

/** What a package says of its licence: an SPDX identifier, an SPDX expression, or the name of another licence. */
export function licensesOf({ library: { Models, SPDX } }: SbomKit, license: string) {
  if (SPDX.isSupportedSpdxId(license)) return new Models.LicenseRepository([new Models.SpdxLicense(license)])
  const isExpression = /^[(A-Za-z0-9][A-Za-z0-9.+() -]* (AND|OR|WITH) [A-Za-z0-9.+() -]+$/.test(license)
  return new Models.LicenseRepository([
    isExpression ? new Models.LicenseExpression(license) : new Models.NamedLicense(license),
  ])
}
