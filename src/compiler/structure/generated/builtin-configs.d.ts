import type { ValidateFunction } from 'ajv'

/** By the name of the built-in. */
declare const validators: Readonly<Record<string, ValidateFunction>>
export default validators
