import { Flags } from '@oclif/core'

import { nodePublicKey, type FleetNode } from '../../config/index.ts'
import { publicKeyId } from '../../domain/index.ts'
import { environmentOf, readDesiredState } from '../../fleet/index.ts'
import { renderNodes } from '../../terminal/index.ts'
import { BaseCommand, type Outcome } from '../base-command.ts'
import { findFleetPlace } from '../frame/release/find-fleet-place.ts'
import { fleetFlag, refFlag } from '../frame/release/release-flags.ts'

interface NodeListResult {
  /** As it was named, or what stands for it. */
  readonly ref: string
  readonly commit: string
  readonly nodes: readonly {
    readonly name: string
    readonly environment: string
    readonly admin_url: string
    readonly wave: number
    readonly labels: Readonly<Record<string, string>>
    /** SHA-256 of each SPKI DER, as attestations name them. */
    readonly key_ids: readonly string[]
    readonly revoked: { readonly at: string; readonly reason: string | null } | null
  }[]
}

export default class NodeList extends BaseCommand<NodeListResult> {
  static override summary = 'List the gateways of a fleet, and whether they can prove what they run.'
  static override description = 'Reads fleet.yaml from a commit, never from the work tree.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --env production --ref HEAD --json',
  ]
  static override flags = {
    env: Flags.string({ summary: 'List those of this environment.', helpValue: 'ENVIRONMENT' }),
    ...refFlag,
    ...fleetFlag,
  }

  protected async execute(): Promise<Outcome<NodeListResult>> {
    const { flags } = await this.parse(NodeList)
    const place = await findFleetPlace(flags.fleet, this.host)
    const state = await readDesiredState({ ...place, ref: flags.ref })
    const only = flags.env === undefined ? undefined : environmentOf(state, flags.env).name
    const nodes = state.fleet.nodes.filter(({ environment }) => only === undefined || environment === only)
    const result = { ref: state.ref, commit: state.commit, nodes: nodes.map(printedNode) }
    return { result, text: (style) => renderNodes(result, style) }
  }
}

function printedNode(node: FleetNode): NodeListResult['nodes'][number] {
  const { name, environment, adminUrl, wave, labels, publicKeys, revoked } = node
  return {
    name,
    environment,
    admin_url: adminUrl,
    wave,
    labels: Object.fromEntries(labels),
    key_ids: publicKeys.map((key) => publicKeyId(nodePublicKey(key))),
    revoked: revoked === undefined ? null : { at: revoked.at, reason: revoked.reason ?? null },
  }
}
