import { createPublicKey } from 'node:crypto'
import { resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import { generateKey, writeKeyPair } from '../../attest/index.ts'
import { NODE_NAME_PATTERN, publicKeyId } from '../../domain/index.ts'
import { BaseCommand, type Outcome } from '../base-command.ts'
import { base64Key } from '../frame/node/read-node-key.ts'
import { nodeProblems as problems } from '../frame/node/node-problems.ts'

interface NodeKeygenResult {
  readonly node: string
  readonly private_key: string
  readonly public_key: string
  /** base64 of the SPKI DER, as fleet.yaml has it. */
  readonly key: string
  /** SHA-256 of the SPKI DER, as attestations name it. */
  readonly key_id: string
}

export default class NodeKeygen extends BaseCommand<NodeKeygenResult> {
  static override summary = 'Make the key with which a gateway proves what it runs.'
  static override description =
    'Writes NAME.key (Ed25519, PKCS#8 PEM, for its owner alone) and NAME.pub (SPKI PEM), and never over an existing ' +
    'file. The private key belongs to the machine of the gateway (`serve --node-key`) and nowhere else; it is not ' +
    'encrypted, because a gateway starts with nobody to ask for a passphrase, and it is never printed.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> edge-1',
    '<%= config.bin %> <%= command.id %> edge-1 --output /etc/barbacane/node',
  ]
  static override args = {
    name: Args.string({ required: true, description: 'The name of the node, as in fleet.yaml.' }),
  }
  static override flags = {
    output: Flags.string({
      char: 'o',
      summary: 'Where to write: PATH.key and PATH.pub; the name of the node here unless given.',
      helpValue: 'PATH',
    }),
  }

  protected async execute(): Promise<Outcome<NodeKeygenResult>> {
    const { args, flags } = await this.parse(NodeKeygen)
    if (!NODE_NAME_PATTERN.test(args.name)) throw problems.BCN_NODE_NAME({ name: args.name })
    const { output = args.name } = flags
    const pair = generateKey('ed25519')
    await writeKeyPair(resolve(this.host.cwd, output), pair)
    const publicKey = createPublicKey(pair.publicPem)
    const result = {
      node: args.name,
      private_key: `${output}.key`,
      public_key: `${output}.pub`,
      key: base64Key(publicKey),
      key_id: publicKeyId(publicKey),
    }
    return {
      result,
      text: (style) =>
        [
          `${style.bold('private key')}    ${result.private_key}: for serve --node-key, on that machine alone`,
          `${style.bold('public key')}     ${result.public_key}: for barbacane node add`,
          `${style.bold('in fleet.yaml')}  public_key: ${result.key}`,
        ].join('\n'),
    }
  }
}
