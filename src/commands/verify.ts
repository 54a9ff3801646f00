import { resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import { readFileTarget, verifyTarget, type Rebuild, type VerificationReport } from '../attest/index.ts'
import { readTree } from '../git/index.ts'
import { renderVerification } from '../terminal/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { policyFlags } from './frame/policy-flags.ts'
import { projectFolder, readPolicy } from './frame/read-policy.ts'

export default class Verify extends BaseCommand<VerificationReport> {
  static override summary = 'Verify where an artifact comes from.'
  static override description =
    'Follows the chain from the file to its commit and prints every link: the artifact itself, its signature, who ' +
    'signed, what was signed, and where asked for the SBOM, git and a rebuild. Exit code 4 when a link does not hold, a missing ' +
    'signature included. Works without a network.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> api.bca --key release.pub',
    '<%= config.bin %> <%= command.id %> api.bca --identity https://github.com/acme/gateway/.github/workflows/release.yml@refs/heads/main --issuer https://token.actions.githubusercontent.com',
    '<%= config.bin %> <%= command.id %> api.bca --policy verify.yaml --git --rebuild',
  ]
  static override args = { target: Args.string({ required: true, description: 'The .bca file.' }) }
  static override flags = {
    ...policyFlags,
    bundle: Flags.string({
      summary: 'Signature bundle; TARGET.sigstore.json unless given.',
      helpValue: 'FILE',
    }),
    sbom: Flags.string({
      summary: 'SBOM, which is required then; TARGET.cdx.json, where it is there, unless given.',
      helpValue: 'FILE',
    }),
    'require-sbom': Flags.boolean({ summary: 'Fail without a signed SBOM that is here.' }),
    git: Flags.boolean({ summary: 'Compare every input with the commit, in the repository here.' }),
    rebuild: Flags.boolean({ summary: 'Compile the commit again, and compare the bytes.' }),
    project: Flags.string({
      summary: 'Folder of the project in the repository; found from the working directory unless given.',
      helpValue: 'FOLDER',
    }),
  }

  protected async execute(): Promise<Outcome<VerificationReport>> {
    const { args, flags } = await this.parse(Verify)
    const { cwd } = this.host
    const path = (name: string | undefined) => (name === undefined ? undefined : resolve(cwd, name))
    const policy = await readPolicy(
      { ...flags, 'require-sbom': flags['require-sbom'] || flags.sbom !== undefined },
      cwd,
    )
    const target = await readFileTarget(args.target, {
      artifactPath: resolve(cwd, args.target),
      bundlePath: path(flags.bundle),
      sbomPath: path(flags.sbom),
    })
    const folder = path(flags.project) ?? (await projectFolder(cwd))
    const report = await verifyTarget(target, policy, {
      readGitTree: policy.requireGit ? (commit) => readTree(folder, commit) : undefined,
      rebuild: flags.rebuild ? await this.rebuildFrom(folder) : undefined,
    })
    return {
      result: report,
      ...(report.problem && { exit: report.problem.exit }),
      text: (style) => renderVerification(report, style),
    }
  }
  // The compiler is loaded only where something is compiled.
  private async rebuildFrom(folder: string): Promise<Rebuild> {
    const { rebuildFrom } = await import('./frame/rebuild-artifact.ts')
    return rebuildFrom(folder, this.config.version)
  }
}
