import { resolve } from 'node:path'

import { Flags } from '@oclif/core'

import { generateKey, keyTypes, readPassphrase, writeKeyPair, type KeyType } from '../attest/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'

interface KeygenResult {
  readonly type: KeyType
  readonly private_key: string
  readonly public_key: string
  readonly encrypted: boolean
  /** base64 of the SHA-256 of the public key (SPKI DER), as bundles name it. */
  readonly hint: string
}

export default class Keygen extends BaseCommand<KeygenResult> {
  static override summary = 'Make a key pair to sign artifacts with.'
  static override description =
    'Writes NAME.key (PKCS#8 PEM, for its owner alone) and NAME.pub (SPKI PEM), and never over an existing file. The ' +
    'private key is encrypted when BARBACANE_KEY_PASSPHRASE or --passphrase-file gives a passphrase.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --output release',
    '<%= config.bin %> <%= command.id %> --output release --type ed25519 --passphrase-file passphrase.txt',
  ]
  static override flags = {
    output: Flags.string({
      char: 'o',
      default: 'barbacane',
      summary: 'Where to write: NAME.key and NAME.pub.',
      helpValue: 'NAME',
    }),
    type: Flags.option({ options: keyTypes, default: 'p256' as const, summary: 'The kind of key.' })(),
    'passphrase-file': Flags.string({
      summary: 'File whose first line is the passphrase; else BARBACANE_KEY_PASSPHRASE, if set.',
      helpValue: 'FILE',
    }),
  }

  protected async execute(): Promise<Outcome<KeygenResult>> {
    const { flags } = await this.parse(Keygen)
    const { cwd, env } = this.host
    const file = flags['passphrase-file']
    const passphrase = await readPassphrase(env, file && resolve(cwd, file))
    const pair = generateKey(flags.type, passphrase)
    await writeKeyPair(resolve(cwd, flags.output), pair)
    const result = {
      type: flags.type,
      private_key: `${flags.output}.key`,
      public_key: `${flags.output}.pub`,
      encrypted: passphrase !== undefined,
      hint: pair.hint,
    }
    return {
      result,
      text: (style) =>
        [
          `${style.bold('private key')}  ${result.private_key}${result.encrypted ? ' (encrypted)' : ''}: keep it secret, out of git`,
          `${style.bold('public key')}   ${result.public_key}: commit it, others verify with it`,
          `${style.bold('hint')}         ${result.hint}`,
        ].join('\n'),
    }
  }
}
