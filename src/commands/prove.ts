import { resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import { readArtifact, writeFileAtomic } from '../artifact/index.ts'
import { proveInput, type ProofFile } from '../attest/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'

export default class Prove extends BaseCommand<ProofFile> {
  static override summary = 'Prove that a file is in an artifact.'
  static override description =
    'Writes an inclusion proof (RFC 9162): that one description, plugin or policy is among the inputs of a fingerprint, ' +
    'checkable without the other inputs, by `verify-proof` or by a script of twenty lines.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> api.bca specs/pets.yaml',
    '<%= config.bin %> <%= command.id %> api.bca specs/pets.yaml --output pets.proof.json',
  ]
  static override args = {
    artifact: Args.string({ required: true, description: 'The .bca file.' }),
    path: Args.string({ required: true, description: 'The input, relative to the project root.' }),
  }
  static override flags = {
    output: Flags.string({ char: 'o', summary: 'Where to write; stdout unless given.', helpValue: 'FILE' }),
  }

  protected async execute(): Promise<Outcome<ProofFile>> {
    const { args, flags } = await this.parse(Prove)
    const { cwd, signal } = this.host
    const proof = proveInput(await readArtifact(resolve(cwd, args.artifact)), args.path)
    const text = `${JSON.stringify(proof, undefined, 2)}\n`
    if (flags.output === undefined) return { result: proof, text: () => text }
    await writeFileAtomic(resolve(cwd, flags.output), Buffer.from(text), signal)
    return { result: proof, text: () => `${flags.output}: ${args.path} is in ${proof.artifact_hash}` }
  }
}
