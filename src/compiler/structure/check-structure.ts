import type { ValidateFunction } from 'ajv'

import type { Finding } from '../../domain/index.ts'
import type { SourceDocument } from '../document/index.ts'
import { explainErrors } from './explain-errors.ts'
import { specFormat, type OpenapiVersion } from './spec-format.ts'

/**
 * Checks a root document against the official schema of the OpenAPI version that it declares.
 *
 * Findings: `spec-format` (E1001) where it is not OpenAPI 3.0, 3.1 or 3.2, else `openapi-structure` (E1004).
 */
export async function checkStructure(document: SourceDocument): Promise<readonly Finding[]> {
  const format = specFormat(document)
  if ('finding' in format) return [format.finding]
  const validate = await validatorOf(format.version)
  if (validate(document.root)) return []
  return explainErrors(validate.errors ?? [], document)
}

async function validatorOf(version: OpenapiVersion): Promise<ValidateFunction> {
  switch (version) {
    case '3.0':
      return (await import('./generated/openapi-3.0.js')).default
    case '3.1':
      return (await import('./generated/openapi-3.1.js')).default
    case '3.2':
      return (await import('./generated/openapi-3.2.js')).default
  }
}
