import { resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import { addNode } from '../../config/index.ts'
import { BaseCommand, type Outcome } from '../base-command.ts'
import { findFleetPlace } from '../frame/release/find-fleet-place.ts'
import { readFleetFile, writeFleetFile } from '../frame/node/edit-fleet-file.ts'
import { parseLabels } from '../frame/node/parse-labels.ts'
import { readNodeKey } from '../frame/node/read-node-key.ts'
import { fleetFlag } from '../frame/release/release-flags.ts'

interface NodeAddResult {
  /** The file that was changed. */
  readonly file: string
  readonly node: string
  readonly environment: string
  readonly admin_url: string
  /** Null where it has none, and can prove nothing. */
  readonly key: string | null
}

export default class NodeAdd extends BaseCommand<NodeAddResult> {
  static override summary = 'Add a gateway to fleet.yaml.'
  static override description =
    'Writes the node behind the last one, in the work tree, and leaves every other byte of the file as it is. It ' +
    'counts once it is committed and pushed.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> edge-1 --env production --admin-url https://edge-1.internal:8081 --public-key edge-1.pub',
    '<%= config.bin %> <%= command.id %> edge-2 --env production --admin-url https://edge-2.internal:8081 --public-key edge-2.pub --label region=eu --wave 1',
  ]
  static override args = {
    name: Args.string({ required: true, description: 'Its name, as in `serve --node-name`.' }),
  }
  static override flags = {
    env: Flags.string({
      required: true,
      summary: 'The environment whose release it has to run.',
      helpValue: 'ENVIRONMENT',
    }),
    'admin-url': Flags.string({
      required: true,
      summary: 'The address of its admin listener.',
      helpValue: 'URL',
    }),
    'public-key': Flags.string({
      summary: 'The .pub file of `node keygen`; without one the node cannot prove what it runs.',
      helpValue: 'FILE',
    }),
    label: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      summary: 'A label; may be given several times.',
      helpValue: 'NAME=TEXT',
    }),
    wave: Flags.integer({ min: 0, max: 1000, summary: 'Nodes with a lower number are rolled out first.' }),
    ...fleetFlag,
  }

  protected async execute(): Promise<Outcome<NodeAddResult>> {
    const { args, flags } = await this.parse(NodeAdd)
    const file = await readFleetFile(await findFleetPlace(flags.fleet, this.host), this.host)
    const path = flags['public-key']
    const node = {
      name: args.name,
      environment: flags.env,
      adminUrl: flags['admin-url'],
      publicKey: path === undefined ? undefined : await readNodeKey(resolve(this.host.cwd, path)),
      labels: parseLabels(flags.label ?? []),
      wave: flags.wave,
    }
    await writeFleetFile(file, addNode(file.text, node), node.name)
    const result = {
      file: file.name,
      node: node.name,
      environment: node.environment,
      admin_url: node.adminUrl,
      key: node.publicKey ?? null,
    }
    return {
      result,
      warnings:
        node.publicKey === undefined ? [{ message: `${node.name} has no key to prove what it runs.` }] : [],
      text: (style) =>
        `${style.green('ok')} Added ${node.name} to ${file.name}. It counts once it is committed and pushed.`,
    }
  }
}
