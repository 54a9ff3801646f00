import { closestName, isObject, nounOf } from '../../domain/index.ts'
import { flag, pathWithin, wordOf } from '../kinds.ts'
import type { Fault } from '../manifest-document.ts'
import { openMembers, type Kind } from '../members.ts'
import type { Environment } from './fleet.ts'

const KEYS = ['verify', 'allow_unsigned', 'breaking', 'promote_from']
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const HINT = 'Write `environments: { staging: {}, production: {} }`.'

const breaking = wordOf(['allow', 'refuse'])
const names: Kind<readonly string[]> = {
  what: 'a list of environments',
  hint: 'Write the names of other environments, e.g. `promote_from: [staging]`.',
  accept: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string')
      ? value
      : undefined,
}

/** Reads `environments` of a fleet file; an environment that asks for nothing may be empty. */
export function readEnvironments(value: unknown, faults: Fault[]): ReadonlyMap<string, Environment> {
  if (!isObject(value) || Object.keys(value).length === 0) {
    const message =
      value === undefined
        ? 'The key `environments` is missing'
        : `\`environments\` is ${isObject(value) ? 'an empty object' : nounOf(value)}, not an object with a key for each`
    faults.push({ at: value === undefined ? [] : ['environments'], message, hint: HINT })
    return new Map()
  }
  const known = Object.keys(value)
  const read = Object.entries(value).map(
    ([name, rules]) => [name, readEnvironment(name, rules, { known, faults })] as const,
  )
  return new Map(read)
}

function readEnvironment(
  name: string,
  value: unknown,
  { known, faults }: { readonly known: readonly string[]; readonly faults: Fault[] },
): Environment {
  const at = ['environments', name]
  if (!NAME.test(name)) {
    const hint = 'Use lower-case letters, digits and hyphens, 63 at most; a folder is called like it.'
    faults.push({ at, part: 'key', message: `${JSON.stringify(name)} is no name of an environment`, hint })
  }
  if (value !== null && !isObject(value)) {
    faults.push({ at, message: `The environment is ${nounOf(value)}, not an object`, hint: HINT })
  }
  const rules = openMembers(isObject(value) ? value : {}, at, { known: KEYS, faults })
  const promoteFrom = rules.optional('promote_from', names)
  for (const [index, from] of (promoteFrom ?? []).entries()) {
    if (from !== name && known.includes(from)) continue
    const place = [...at, 'promote_from', index]
    const message =
      from === name
        ? `${name} cannot be promoted from itself`
        : `There is no environment ${JSON.stringify(from)}`
    faults.push({
      at: place,
      message,
      hint: meantHint(
        from,
        known.filter((other) => other !== name),
      ),
    })
  }
  const environment = {
    name,
    verifyPolicyPath: rules.optional('verify', pathWithin),
    allowsUnsigned: rules.optional('allow_unsigned', flag) ?? false,
    breaking: rules.optional('breaking', breaking) ?? ('refuse' as const),
    promoteFrom,
  }
  if (environment.allowsUnsigned && rules.has('verify')) {
    const hint = 'Remove `allow_unsigned`, or remove `verify` where nothing has to be signed.'
    rules.fault('allow_unsigned', 'An environment with `verify` cannot allow what is not signed', hint)
  }
  return environment
}

/** Which name may be meant, else which there are. */
export function meantHint(name: unknown, known: readonly string[]): string {
  const meant = typeof name === 'string' ? closestName(name, known) : undefined
  if (meant !== undefined) return `Did you mean \`${meant}\`?`
  return known.length === 0 ? 'There is none that could be named.' : `Known are: ${known.join(', ')}.`
}
