import type { Artifact } from '../../artifact/index.ts'
import type { Digest } from '../../domain/index.ts'
import { planBuildDefinition } from './plan-build-definition.ts'
import {
  IMAGE_SUBJECT,
  PREDICATE_TYPE,
  SBOM_BYPRODUCT,
  SBOM_MEDIA_TYPE,
  STATEMENT_TYPE,
  type Builder,
  type Statement,
  type Subject,
} from './statement.ts'

export interface StatementRequest {
  readonly artifact: Artifact
  /** The file name under which the artifact is published. */
  readonly name: string
  readonly builder: Builder
  readonly sbomDigest?: Digest
  readonly imageDigest?: Digest
}

/**
 * The statement to sign for an artifact (DESIGN §5.5): in-toto Statement v1, SLSA provenance v1. All but the builder
 * and the names follows from the artifact, so that a verifier can derive what it has to find.
 *
 * @throws {ProblemError} BCN_ATTEST_OPTIONS when the artifact's options are no JSON object.
 */
export function planStatement(request: StatementRequest): Statement {
  const { artifact, builder, sbomDigest } = request
  const { compiler } = artifact.manifest
  return {
    _type: STATEMENT_TYPE,
    subject: subjectsOf(request),
    predicateType: PREDICATE_TYPE,
    predicate: {
      buildDefinition: planBuildDefinition(artifact),
      runDetails: {
        builder: { id: builder.id, version: { [compiler.name]: compiler.version } },
        ...(builder.invocationId === undefined ? {} : { metadata: { invocationId: builder.invocationId } }),
        ...(sbomDigest === undefined
          ? {}
          : {
              byproducts: [
                {
                  name: SBOM_BYPRODUCT,
                  mediaType: SBOM_MEDIA_TYPE,
                  digest: { sha256: hexOf(sbomDigest) },
                },
              ],
            }),
      },
    },
  }
}

function subjectsOf({ artifact, name, imageDigest }: StatementRequest): readonly Subject[] {
  const own: Subject = {
    name,
    digest: { sha256: hexOf(artifact.digest) },
    annotations: { artifact_hash: artifact.manifest.artifact_hash },
  }
  if (imageDigest === undefined) return [own]
  return [own, { name: IMAGE_SUBJECT, digest: { sha256: hexOf(imageDigest) } }]
}

function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length)
}
