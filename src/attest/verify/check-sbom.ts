import type { Artifact } from '../../artifact/index.ts'
import { digestOf } from '../../domain/index.ts'
import { checkSbomContent } from '../sbom/check-sbom-content.ts'
import type { ParsedStatement } from '../statement/parse-statement.ts'
import { SBOM_BYPRODUCT, SBOM_MEDIA_TYPE } from '../statement/statement.ts'
import { verifyProblems as problems } from '../verify-problems.ts'
import type { LinkOutcome } from './chain.ts'

export interface SbomEvidence {
  readonly statement: ParsedStatement
  readonly artifact: Artifact
  /** Every one that was found. */
  readonly sboms: readonly Uint8Array[]
  readonly isRequired: boolean
}

/**
 * Checks that the SBOM is the one that the statement names, and that it describes the artifact.
 *
 * @throws {ProblemError} BCN_VERIFY_SBOM_MISSING, BCN_VERIFY_SBOM, BCN_VERIFY_SBOM_CONTENT, BCN_VERIFY_STATEMENT
 */
export function checkSbom({ statement, artifact, sboms, isRequired }: SbomEvidence): LinkOutcome<undefined> {
  const expected = signedSbom(statement)
  const [sbom] = sboms.toSorted((a, b) => Number(digestOf(b) === expected) - Number(digestOf(a) === expected))
  if (expected === undefined) {
    if (isRequired) throw problems.BCN_VERIFY_SBOM_MISSING({ reason: 'the statement names none' })
    const outcome =
      sbom === undefined ? 'none is signed, none is required' : 'the one that is here is not signed'
    return { value: undefined, outcome, skipped: true }
  }
  if (sbom === undefined) {
    if (isRequired) throw problems.BCN_VERIFY_SBOM_MISSING({ reason: `${expected} is not here` })
    return { value: undefined, outcome: `${expected} is signed; it is not here`, skipped: true }
  }
  const found = digestOf(sbom)
  if (found !== expected) throw problems.BCN_VERIFY_SBOM({ found, expected })
  const componentCount = checkSbomContent(sbom, artifact)
  const outcome = `${found} is signed and lists all ${artifact.manifest.inputs.length} inputs among ${componentCount} components`
  return { value: undefined, outcome }
}

function signedSbom(statement: ParsedStatement): string | undefined {
  const [byproduct, ...others] = statement.predicate.runDetails.byproducts ?? []
  if (byproduct === undefined) return undefined
  if (others.length > 0 || byproduct.name !== SBOM_BYPRODUCT || byproduct.mediaType !== SBOM_MEDIA_TYPE) {
    throw problems.BCN_VERIFY_STATEMENT({ reason: 'it has a byproduct that is no SBOM' })
  }
  return `sha256:${byproduct.digest.sha256}`
}
