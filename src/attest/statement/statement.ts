import type { JsonObject } from '../../domain/index.ts'

/** The media type of a DSSE payload that is an in-toto statement. */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json'
/** in-toto attestation framework, Statement v1. */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1'
/** SLSA provenance v1. */
export const PREDICATE_TYPE = 'https://slsa.dev/provenance/v1'
/** What `barbacane compile` does; docs/explanation/chain-of-trust.md describes its parameters. */
export const BUILD_TYPE = 'https://barbacane.dev/compile/v1'
export const COMMIT_DEPENDENCY = 'commit'
export const IMAGE_SUBJECT = 'image'
export const SBOM_BYPRODUCT = 'sbom'
export const SBOM_MEDIA_TYPE = 'application/vnd.cyclonedx+json'

/** The places where an artifact may say that it was compiled and signed. */
export const builderIds = {
  local: 'https://barbacane.dev/builder/local',
  githubActions: 'https://barbacane.dev/builder/github-actions',
  gitlabCi: 'https://barbacane.dev/builder/gitlab-ci',
} as const

export type BuilderId = (typeof builderIds)[keyof typeof builderIds]

export interface Builder {
  readonly id: BuilderId
  /** URL of the CI run; left out where there is none. */
  readonly invocationId?: string
}

export interface Subject {
  readonly name: string
  readonly digest: { readonly sha256: string }
  readonly annotations?: { readonly artifact_hash: string }
}

export interface ResolvedDependency {
  /** The path of an input, or `commit`. */
  readonly name: string
  /** `git+` and the repository of the commit, where it is known. */
  readonly uri?: string
  readonly digest: Readonly<Record<string, string>>
  readonly annotations?: { readonly kind: string; readonly size: number }
}

export interface Byproduct {
  readonly name: string
  readonly mediaType: string
  readonly digest: { readonly sha256: string }
}

export interface ExternalParameters {
  /** Where the inputs came from, as the manifest of the artifact says. */
  readonly source: {
    readonly uri: string | null
    readonly commit: string | null
    readonly dirty: boolean | null
  }
  /** The content of the `option` leaf: the flags that change the output. */
  readonly options: JsonObject
}

/** in-toto Statement v1 with the SLSA provenance v1 predicate, as DESIGN §5.5 fills them in. */
export interface Statement {
  readonly _type: typeof STATEMENT_TYPE
  readonly subject: readonly Subject[]
  readonly predicateType: typeof PREDICATE_TYPE
  readonly predicate: {
    readonly buildDefinition: {
      readonly buildType: typeof BUILD_TYPE
      readonly externalParameters: ExternalParameters
      readonly internalParameters: { readonly build_timestamp: string }
      readonly resolvedDependencies: readonly ResolvedDependency[]
    }
    readonly runDetails: {
      readonly builder: { readonly id: BuilderId; readonly version: Readonly<Record<string, string>> }
      readonly metadata?: { readonly invocationId: string }
      readonly byproducts?: readonly Byproduct[]
    }
  }
}
