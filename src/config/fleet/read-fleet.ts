import { isObject, nounOf } from '../../domain/index.ts'
import { versionFaults } from '../faults.ts'
import type { Fault } from '../manifest-document.ts'
import { openMembers } from '../members.ts'
import type { Environment, FleetNode } from './fleet.ts'
import { readTls, readToken } from './read-access.ts'
import { readEnvironments } from './read-environments.ts'
import { readNode, wave, type NodeDefaults } from './read-node.ts'

const KEYS = ['version', 'environments', 'defaults', 'nodes']

export interface FleetContent {
  readonly environments: ReadonlyMap<string, Environment>
  readonly nodes: readonly FleetNode[]
  /** The place of a node in the list, by its name. */
  readonly positions: ReadonlyMap<string, number>
  readonly faults: readonly Fault[]
}

/** Reads the data of a fleet file; every fault is listed. The published JSON Schema accepts the same shapes. */
export function readFleet(value: unknown): FleetContent {
  const faults: Fault[] = []
  if (!isObject(value)) {
    const message = value === null ? 'The file is empty' : `The file holds ${nounOf(value)}, not an object`
    const hint = 'Begin it with `version: 1`, `environments:` and `nodes:`.'
    return { environments: new Map(), nodes: [], positions: new Map(), faults: [{ at: [], message, hint }] }
  }
  const members = openMembers(value, [], { known: KEYS, faults })
  faults.push(...versionFaults(value['version']))
  const environments = readEnvironments(value['environments'], faults)
  const given = members.object(
    'defaults',
    ['tls', 'token', 'wave'],
    'Write `defaults: { tls: { ca: ./ca.pem } }`.',
  )
  const defaults: NodeDefaults =
    given === undefined
      ? {}
      : { tls: readTls(given), token: readToken(given), wave: given.optional('wave', wave) ?? 0 }
  const items = members.optional('nodes', {
    what: 'a list of nodes',
    hint: 'Write `nodes: []`, or a node behind each `-`; `barbacane node add` does it.',
    accept: (list) => (Array.isArray(list) ? (list as readonly unknown[]) : undefined),
  })
  const context = { environments: [...environments.keys()], defaults, faults }
  const read = (items ?? []).map((item, index) => readNode(item, index, context))
  checkUnique(read, faults)
  const positions = new Map(read.flatMap((node, index) => (node === undefined ? [] : [[node.name, index]])))
  return { environments, nodes: read.filter((node) => node !== undefined), positions, faults }
}

/** Two nodes with one name, address or key could stand in for each other. */
function checkUnique(nodes: readonly (FleetNode | undefined)[], faults: Fault[]): void {
  const names = new Map<string, number>()
  const urls = new Map<string, number>()
  const keys = new Map<string, number>()
  const claim = (
    seen: Map<string, number>,
    what: string,
    [text, index, member]: [string, number, string],
  ) => {
    const first = seen.get(text)
    if (first === undefined) return void seen.set(text, index)
    const message = `The ${what} is that of the node ${nodes[first]?.name ?? ''} already`
    faults.push({
      at: ['nodes', index, member],
      message,
      hint: `Every node has ${what === 'admin URL' ? 'an' : 'a'} ${what} of its own.`,
    })
  }
  for (const [index, node] of nodes.entries()) {
    if (node === undefined) continue
    claim(names, 'name', [node.name, index, 'name'])
    claim(urls, 'admin URL', [node.adminUrl.toLowerCase(), index, 'admin_url'])
    for (const key of node.publicKeys) {
      claim(keys, 'public key', [key, index, node.publicKeys.length > 1 ? 'public_keys' : 'public_key'])
    }
  }
}
