import type { Artifact } from '../../artifact/index.ts'
import type { Digest } from '../../domain/index.ts'
import type { ParsedStatement } from '../statement/parse-statement.ts'
import { planBuildDefinition } from '../statement/plan-build-definition.ts'
import { builderIds, IMAGE_SUBJECT } from '../statement/statement.ts'
import { verifyProblems as problems } from '../verify-problems.ts'
import { firstDifference } from './first-difference.ts'
import { repositoryUrl } from './repository-url.ts'
import type { VerifiedSigner } from './verify-signature.ts'

/**
 * Checks that a statement is about this artifact and, where it is about an image as well, about the image that the
 * artifact was found in.
 *
 * @returns what it is about, in words
 * @throws {ProblemError} BCN_VERIFY_WRONG_SUBJECT, BCN_VERIFY_ARTIFACT_HASH, BCN_VERIFY_IMAGE
 */
export function checkSubject(statement: ParsedStatement, artifact: Artifact, imageDigest?: Digest): string {
  const [own, image, ...others] = statement.subject
  const found = own === undefined ? 'nothing' : `sha256:${own.digest.sha256}`
  if (found !== artifact.digest || others.length > 0) {
    throw problems.BCN_VERIFY_WRONG_SUBJECT({
      found: others.length > 0 ? `${statement.subject.length} subjects` : found,
      expected: artifact.digest,
    })
  }
  const { artifact_hash: expected } = artifact.manifest
  const claimed = own?.annotations?.artifact_hash ?? 'nothing'
  if (claimed !== expected) throw problems.BCN_VERIFY_ARTIFACT_HASH({ found: claimed, expected })
  if (image !== undefined && (image.name !== IMAGE_SUBJECT || image.annotations !== undefined)) {
    throw problems.BCN_VERIFY_WRONG_SUBJECT({ found: `also ${image.name}`, expected: artifact.digest })
  }
  return `is this artifact${checkImage(image && `sha256:${image.digest.sha256}`, imageDigest)}`
}

/**
 * Checks that what a statement says of the build is what the artifact itself says: every external parameter, the
 * build time, the commit and every input, the compiler. A parameter that this version does not know is refused.
 *
 * @throws {ProblemError} BCN_VERIFY_EXTERNAL_PARAMETER, BCN_VERIFY_DEPENDENCY, BCN_VERIFY_BUILDER
 */
export function checkBuild(statement: ParsedStatement, artifact: Artifact): void {
  const { buildDefinition: found, runDetails } = statement.predicate
  const expected = planBuildDefinition(artifact)
  const parameter =
    firstDifference(found.externalParameters, expected.externalParameters, 'externalParameters') ??
    firstDifference(found.internalParameters, expected.internalParameters, 'internalParameters')
  if (parameter !== undefined) throw problems.BCN_VERIFY_EXTERNAL_PARAMETER(parameter)
  const dependency = firstDifference(
    found.resolvedDependencies,
    expected.resolvedDependencies,
    'resolvedDependencies',
  )
  if (dependency !== undefined) throw problems.BCN_VERIFY_DEPENDENCY(dependency)
  const { name, version } = artifact.manifest.compiler
  const builder = firstDifference(runDetails.builder.version, { [name]: version }, 'builder.version')
  if (builder !== undefined) throw problems.BCN_VERIFY_BUILDER(builder)
}

const buildersOfIssuers: ReadonlyMap<string, string> = new Map([
  ['https://token.actions.githubusercontent.com', builderIds.githubActions],
  ['https://gitlab.com', builderIds.gitlabCi],
])

/**
 * Checks what the artifact and the statement claim about their origin against what the certificate authority
 * certified: builder, repository, commit and CI run. A signature by key certifies none of these.
 *
 * @throws {ProblemError} BCN_VERIFY_BUILDER, BCN_VERIFY_CERTIFICATE_SOURCE
 */
export function checkOrigin(statement: ParsedStatement, artifact: Artifact, signer: VerifiedSigner): void {
  if (signer.kind === 'key') return
  const { builder, metadata } = statement.predicate.runDetails
  const builderId = buildersOfIssuers.get(signer.issuer)
  if (builderId !== undefined && builder.id !== builderId) {
    throw problems.BCN_VERIFY_BUILDER({ what: 'builder.id', found: builder.id, expected: builderId })
  }
  const { commit, source } = artifact.manifest.provenance
  const claims: readonly [what: string, claimed: string | null | undefined, certified: string | undefined][] =
    [
      ['the commit', commit, signer.commit],
      [
        'the repository',
        source && repositoryUrl(source),
        signer.repository && repositoryUrl(signer.repository),
      ],
      ['the CI run', metadata?.invocationId, signer.invocation],
    ]
  for (const [what, found, expected] of claims) {
    if (found && expected && found !== expected) {
      throw problems.BCN_VERIFY_CERTIFICATE_SOURCE({ what, found, expected })
    }
  }
}

function checkImage(signed: string | undefined, imageDigest: Digest | undefined): string {
  if (signed === undefined) {
    return imageDigest === undefined ? '' : `; the image ${imageDigest} holds it and is not signed itself`
  }
  if (imageDigest === undefined) return `, and the image ${signed}, which is not looked at here`
  if (signed === imageDigest) return ` and the image ${imageDigest}`
  throw problems.BCN_VERIFY_IMAGE({ found: `the image ${signed}`, expected: imageDigest })
}
