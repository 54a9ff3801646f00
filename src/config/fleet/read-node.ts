import { isObject, NODE_NAME_PATTERN, nounOf } from '../../domain/index.ts'
import { lineOf, matching, time } from '../kinds.ts'
import type { Fault } from '../manifest-document.ts'
import { openMembers, type Kind, type Members } from '../members.ts'
import type { FleetNode, Revocation } from './fleet.ts'
import { publicKey } from './public-key.ts'
import { readTls, readToken } from './read-access.ts'
import { meantHint } from './read-environments.ts'

const KEYS = [
  'name',
  'environment',
  'admin_url',
  'public_key',
  'public_keys',
  'revoked',
  'labels',
  'wave',
  'tls',
  'token',
]
const MAX_KEYS = 2

const nodeName = matching(
  NODE_NAME_PATTERN,
  'the name of a node',
  'Use lower-case letters, digits, dots and hyphens, as in the name of a host.',
)

const adminUrl: Kind<string> = {
  what: 'an http or https URL without credentials, query and fragment',
  hint: 'Write the address of the admin listener, e.g. `https://edge-1.internal:8081`.',
  // A URL with a password must not be repeated.
  isSecret: true,
  accept: (value) => {
    if (typeof value !== 'string' || !/^https?:\/\/[^\s@?#]+$/.test(value) || !URL.canParse(value))
      return undefined
    return value.replace(/\/+$/, '')
  },
}

export const wave: Kind<number> = {
  what: 'a whole number from 0 to 1000',
  hint: 'Nodes with a lower number are rolled out first.',
  accept: (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 1000 ? value : undefined,
}

const environmentName = lineOf('Write the name of an environment of this file.')
const labels: Kind<ReadonlyMap<string, string>> = {
  what: 'an object of names with a line of text each',
  hint: 'Write `labels: { region: eu }`; put quotes around numbers.',
  accept: (value) => {
    if (!isObject(value)) return undefined
    const entries = Object.entries(value)
    const isPlain = entries.every(
      ([key, text]) => /^[\w./-]{1,63}$/.test(key) && typeof text === 'string' && text.length <= 255,
    )
    return isPlain ? new Map(entries as [string, string][]) : undefined
  },
}

const publicKeys: Kind<readonly string[]> = {
  what: `a list of up to ${MAX_KEYS} Ed25519 public keys`,
  hint: `Write the keys that \`barbacane node keygen\` prints; two while one replaces the other.`,
  isSecret: true,
  accept: (value) => {
    if (!Array.isArray(value) || value.length === 0 || value.length > MAX_KEYS) return undefined
    const keys = value.map((key) => publicKey.accept(key))
    return keys.every((key) => key !== undefined) ? keys : undefined
  },
}

/** What nodes have unless they say otherwise. */
export type NodeDefaults = Partial<Pick<FleetNode, 'tls' | 'token' | 'wave'>>

/** Reads an item of `nodes`; undefined where it has no name or no address to speak of. */
export function readNode(
  value: unknown,
  index: number,
  context: {
    readonly environments: readonly string[]
    readonly defaults: NodeDefaults
    readonly faults: Fault[]
  },
): FleetNode | undefined {
  const { environments, defaults, faults } = context
  const at = ['nodes', index]
  if (!isObject(value)) {
    const hint =
      'Write `- { name: edge-1, environment: production, admin_url: https://edge-1.internal:8081 }`.'
    faults.push({ at, message: `The node is ${nounOf(value)}, not an object`, hint })
    return undefined
  }
  const members = openMembers(value, at, { known: KEYS, faults })
  const name = members.required('name', nodeName)
  const environment = members.required('environment', environmentName)
  if (environment !== undefined && !environments.includes(environment)) {
    members.fault(
      'environment',
      `There is no environment ${JSON.stringify(environment)}`,
      meantHint(environment, environments),
    )
  }
  const url = members.required('admin_url', adminUrl)
  const rest = {
    publicKeys: readKeys(members),
    revoked: readRevocation(members),
    labels: members.optional('labels', labels) ?? new Map<string, string>(),
    wave: members.optional('wave', wave) ?? defaults.wave ?? 0,
    tls: readTls(members) ?? defaults.tls,
    token: readToken(members) ?? defaults.token,
  }
  if (name === undefined || environment === undefined || url === undefined) return undefined
  return { name, environment, adminUrl: url, ...rest }
}

function readKeys(members: Members): readonly string[] {
  if (members.has('public_key') && members.has('public_keys')) {
    members.fault('public_keys', 'A node has either `public_key` or `public_keys`', publicKeys.hint)
  }
  const key = members.optional('public_key', publicKey)
  return key === undefined ? (members.optional('public_keys', publicKeys) ?? []) : [key]
}

function readRevocation(members: Members): Revocation | undefined {
  const hint =
    "Write `revoked: { at: '2026-01-02T03:04:05Z', reason: stolen }`, or use `barbacane node revoke`."
  const revoked = members.object('revoked', ['at', 'reason'], hint)
  if (revoked === undefined) return undefined
  // What is revoked stays so, whatever is wrong with its time.
  return { at: revoked.required('at', time) ?? '', reason: revoked.optional('reason', lineOf(hint)) }
}
