import { resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import { parseProof, readSmallFile, verifyProof, type ProvenInput } from '../attest/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'

interface VerifyProofResult extends ProvenInput {
  /** Whether the fingerprint was compared with one that was given. */
  readonly compared: boolean
}

export default class VerifyProof extends BaseCommand<VerifyProofResult> {
  static override summary = 'Check a proof that a file is in an artifact.'
  static override description =
    'Checks that the proof leads from the input to the fingerprint it names. Give --artifact-hash with the fingerprint ' +
    'that you trust (of a verified artifact, or as a node reports it), and --input with the file itself.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> pets.proof.json --artifact-hash sha256:9c7c… --input specs/pets.yaml',
  ]
  static override args = { file: Args.string({ required: true, description: 'The proof.' }) }
  static override flags = {
    'artifact-hash': Flags.string({ summary: 'The fingerprint that you trust.', helpValue: 'DIGEST' }),
    input: Flags.string({ summary: 'The file that the proof should be about.', helpValue: 'FILE' }),
  }

  protected async execute(): Promise<Outcome<VerifyProofResult>> {
    const { args, flags } = await this.parse(VerifyProof)
    const { cwd } = this.host
    const text = (await readSmallFile(resolve(cwd, args.file))).toString('utf8')
    const artifactHash = flags['artifact-hash']
    const input =
      flags.input === undefined
        ? undefined
        : { path: flags.input, bytes: await readSmallFile(resolve(cwd, flags.input)) }
    const proven = verifyProof(parseProof(args.file, text), { artifactHash, input })
    const compared = artifactHash !== undefined
    const { kind, path, sha256, artifact_hash: hash } = proven
    return {
      result: { ...proven, compared },
      text: (style) => `${style.green('proven')} ${kind} ${path} (sha256:${sha256}) is in ${hash}`,
      warnings: compared
        ? []
        : [
            {
              message: `Compare ${hash} with a fingerprint that you trust, or give it with --artifact-hash.`,
            },
          ],
    }
  }
}
