import type { Artifact } from '../../artifact/index.ts'

export const sbomVersions = ['1.6', '1.7'] as const

export type SbomVersion = (typeof sbomVersions)[number]

/** A package of npm that the compiler is made of. */
export interface InstalledPackage {
  readonly name: string
  readonly version: string
  /** The `license` of its package.json: an SPDX expression, mostly. */
  readonly license: string | undefined
  /** Lower-case hex SHA-512 of the published tarball, where a lockfile tells. */
  readonly sha512: string | undefined
  /** `name@version` of the packages it depends on. */
  readonly dependsOn: readonly string[]
}

/** What the compiler is, with every package that it brings. */
export interface CompilerPackages {
  readonly compiler: InstalledPackage
  readonly dependencies: readonly InstalledPackage[]
}

export interface SbomRequest {
  readonly artifact: Artifact
  /** The file name of the artifact. */
  readonly name: string
  readonly specVersion: SbomVersion
  readonly packages: CompilerPackages
}

/** The names of our properties (CycloneDX property taxonomy: a reverse domain name). */
export const sbomProperty = (name: string): string => `dev.barbacane:${name}`
