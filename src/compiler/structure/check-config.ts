import type { ValidateFunction } from 'ajv'

import validators from './generated/builtin-configs.js'
import { explainErrors, type StructureFault } from './explain-errors.ts'

/**
 * Checks the configuration of a built-in middleware or dispatcher against its schema. Values that refer to a secret
 * (`env://`, `file://`) are accepted wherever a string is: what they stand for is known at start only.
 *
 * @returns the faults, with pointers relative to the configuration; none for a name that is not built in.
 */
export function checkConfig(name: string, config: unknown): readonly StructureFault[] {
  const validate = Object.hasOwn(validators, name) ? validators[name] : undefined
  return validate === undefined ? [] : configFaults(validate, name, config)
}

/** What a validator (compiled with `verbose` and `allErrors`) has against the configuration of a plugin. */
export function configFaults(
  validate: ValidateFunction,
  name: string,
  config: unknown,
): readonly StructureFault[] {
  if (validate(config)) return []
  const errors = (validate.errors ?? []).filter((error) => error.keyword === 'type' || !isSecret(error.data))
  return explainErrors(errors, config, `The configuration of \`${name}\``)
}

function isSecret(value: unknown): boolean {
  return typeof value === 'string' && /^(?:env|file):\/\//.test(value)
}
