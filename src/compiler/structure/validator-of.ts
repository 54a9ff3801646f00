import type { ValidateFunction } from 'ajv'

import type { OpenapiVersion } from './spec-format.ts'

/** Loads the precompiled validator of one OpenAPI version. */
export async function validatorOf(version: OpenapiVersion): Promise<ValidateFunction> {
  switch (version) {
    case '3.0':
      return (await import('./generated/openapi-3.0.js')).default
    case '3.1':
      return (await import('./generated/openapi-3.1.js')).default
    case '3.2':
      return (await import('./generated/openapi-3.2.js')).default
  }
}
