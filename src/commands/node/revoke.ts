import { Args, Flags } from '@oclif/core'

import { revokeNode } from '../../config/index.ts'
import { closestName } from '../../domain/index.ts'
import { BaseCommand, type Outcome } from '../base-command.ts'
import { findFleetPlace } from '../frame/release/find-fleet-place.ts'
import { readFleetFile, writeFleetFile } from '../frame/node/edit-fleet-file.ts'
import { printedTime } from '../frame/release/pin-report.ts'
import { fleetFlag } from '../frame/release/release-flags.ts'
import { nodeProblems as problems } from '../frame/node/node-problems.ts'

interface NodeRevokeResult {
  /** The file that is changed. */
  readonly file: string
  readonly node: string
  /** RFC 3339 in UTC. */
  readonly revoked_at: string
  readonly reason: string | null
  /** False where it was revoked before. */
  readonly changed: boolean
}

export default class NodeRevoke extends BaseCommand<NodeRevokeResult> {
  static override summary = 'Trust a gateway no longer, whatever it answers.'
  static override description =
    'Marks the node in fleet.yaml, in the work tree, and leaves every other byte of the file as it is. It counts once ' +
    'it is committed and pushed. A node is not taken out, so that its key cannot come back under another name.'
  static override examples = ['<%= config.bin %> <%= command.id %> edge-1 --reason "The machine was stolen"']
  static override args = {
    name: Args.string({ required: true, description: 'The name of the node.' }),
  }
  static override flags = {
    reason: Flags.string({ summary: 'Why; a line for the file.', helpValue: 'TEXT' }),
    ...fleetFlag,
  }

  protected async execute(): Promise<Outcome<NodeRevokeResult>> {
    const { args, flags } = await this.parse(NodeRevoke)
    const file = await readFleetFile(await findFleetPlace(flags.fleet, this.host), this.host)
    const { nodes } = file.fleet
    const index = nodes.findIndex(({ name }) => name === args.name)
    const node = nodes[index]
    if (node === undefined) {
      const names = nodes.map(({ name }) => name)
      const suggestion = closestName(args.name, names)
      throw problems.BCN_NODE_UNKNOWN({ name: args.name, path: file.name, suggestion })
    }
    const { name } = node
    const revoked = node.revoked ?? { at: printedTime(this.host.nowMs()), reason: flags.reason }
    const changed = node.revoked === undefined
    if (changed) await writeFleetFile(file, revokeNode(file.text, index, revoked), name)
    const { at, reason = null } = revoked
    return {
      result: { file: file.name, node: name, revoked_at: at, reason, changed },
      text: (style) =>
        changed
          ? `${style.green('ok')} Revoked ${name} in ${file.name}. It counts once it is committed and pushed.`
          : `${style.green('ok')} ${name} is revoked since ${at}.`,
    }
  }
}
