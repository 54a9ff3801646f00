import { attestProblems as problems } from '../problems.ts'
import type { SbomKit } from './kit.ts'
import type { SbomVersion } from './sbom-request.ts'

/**
 * Validates a document against the strict JSON schema of CycloneDX.
 *
 * @throws {ProblemError} BCN_SBOM_INVALID
 */
export async function validateSbom(
  { Spec, Validation }: SbomKit['library'],
  text: string,
  version: SbomVersion,
): Promise<void> {
  const fault = await validatorOf(version, () => {
    return new Validation.JsonStrictValidator(version === '1.6' ? Spec.Version.v1dot6 : Spec.Version.v1dot7)
  }).validate(text)
  if (fault !== null) {
    throw problems.BCN_SBOM_INVALID({ version, reason: JSON.stringify(fault).slice(0, 500) })
  }
}

interface Validator {
  validate(text: string): Promise<unknown>
}

// Compiling the schema takes a fifth of a second.
const validators = new Map<SbomVersion, Validator>()

function validatorOf(version: SbomVersion, create: () => Validator): Validator {
  const validator = validators.get(version) ?? create()
  validators.set(version, validator)
  return validator
}
