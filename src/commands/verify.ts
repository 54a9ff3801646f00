import { resolve } from 'node:path'

import { Args, Flags } from '@oclif/core'

import {
  refuseTarget,
  verifyTarget,
  type Rebuild,
  type VerificationPolicy,
  type VerificationReport,
  type VerificationTarget,
} from '../attest/index.ts'
import { readTree } from '../git/index.ts'
import { renderVerification } from '../terminal/index.ts'
import { BaseCommand, type Outcome } from './base-command.ts'
import { fetchedPins } from './frame/fetched-pins.ts'
import { fleetFlags, type FleetFlagValues } from './frame/fleet/fleet-flags.ts'
import type { FleetReporting } from './frame/fleet/fleet-outcome.ts'
import type { FleetResult } from './frame/fleet/inspect-fleet.ts'
import type { WatchResult } from './frame/fleet/run-watch.ts'
import { watchFlags, type WatchFlagValues } from './frame/fleet/watch-flags.ts'
import { plainHttpFlag } from './frame/plain-http-flag.ts'
import { policyFlags, type PolicyFlagValues } from './frame/policy-flags.ts'
import { projectFolder, readPolicy } from './frame/read-policy.ts'
import { readTarget, type TargetFlags } from './frame/read-target.ts'
import { kindOfTarget } from './frame/target-kind.ts'
import { commandProblems as problems } from './problems.ts'

type NamedFlagValues = PolicyFlagValues &
  TargetFlags & {
    readonly 'require-sbom': boolean
    readonly project?: string | undefined
    readonly rebuild: boolean
  }

export default class Verify extends BaseCommand<VerificationReport | FleetResult | WatchResult> {
  static override summary = 'Verify where an artifact comes from, or what a fleet runs.'
  static override description =
    'Follows the chain from the file or image to its commit and prints every link: the artifact itself, its signature, ' +
    'who signed, what was signed, and where asked for the SBOM, git and a rebuild. Exit code 4 when a link does not ' +
    'hold, a missing signature included. Touches no network but the registry that a reference ' +
    'names, and with --rebuild the places of plugins that barbacane.yaml names by `oci` or `url`.\n\n' +
    'With --fleet it asks every gateway of fleet.yaml what it runs, believes only what a node has signed whose key is ' +
    'known, and compares that with what a commit pins: exit code 4 where something was tampered with or is not ' +
    'verified, 5 where a node drifted, 6 where one could not be asked.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> api.bca --key release.pub',
    '<%= config.bin %> <%= command.id %> api.bca --identity https://github.com/acme/gateway/.github/workflows/release.yml@refs/heads/main --issuer https://token.actions.githubusercontent.com',
    '<%= config.bin %> <%= command.id %> api.bca --policy verify.yaml --git --rebuild',
    '<%= config.bin %> <%= command.id %> oci:image:1.4 --key release.pub',
    '<%= config.bin %> <%= command.id %> registry.example/apis/shop@sha256:… --key release.pub --require-sbom',
    '<%= config.bin %> <%= command.id %> --fleet',
    '<%= config.bin %> <%= command.id %> --fleet --watch --state-file watch.json --metrics-listen 127.0.0.1:9102',
    '<%= config.bin %> <%= command.id %> --fleet --ref origin/main --environment production --format markdown',
  ]
  static override args = {
    target: Args.string({
      description:
        'The .bca file; an image layout (folder, .tar or oci:PATH[:TAG]); or HOST[:PORT]/REPOSITORY[:TAG][@sha256:DIGEST]. ' +
        'With --fleet, the fleet.yaml.',
    }),
  }
  static override flags = {
    ...policyFlags,
    bundle: Flags.string({
      summary: 'Signature bundle; TARGET.sigstore.json, or what is attached to the image, unless given.',
      helpValue: 'FILE',
    }),
    sbom: Flags.string({
      summary:
        'SBOM, which is required then; TARGET.cdx.json or what is attached, where it is there, unless given.',
      helpValue: 'FILE',
    }),
    'require-sbom': Flags.boolean({ summary: 'Fail without a signed SBOM that is here.' }),
    git: Flags.boolean({ summary: 'Compare every input with the commit, in the repository here.' }),
    rebuild: Flags.boolean({ summary: 'Compile the commit again, and compare the bytes.' }),
    project: Flags.string({
      summary: 'Folder of the project in the repository; found from the working directory unless given.',
      helpValue: 'FOLDER',
    }),
    'plain-http': plainHttpFlag,
    ...fleetFlags,
    ...watchFlags,
  }

  protected async execute(): Promise<Outcome<VerificationReport | FleetResult | WatchResult>> {
    const { args, flags } = await this.parse(Verify)
    if (flags.watch) return this.watchFleet(args.target, flags)
    if (flags.fleet) return this.verifyFleet(args.target, flags)
    if (args.target === undefined) {
      const fault = 'Missing 1 required argument: target, what is to be verified; or --fleet'
      throw problems.BCN_CLI_USAGE({ fault, command: 'verify', suggestion: undefined })
    }
    return this.verifyNamed(args.target, flags)
  }

  // Loaded late: whoever verifies a file asks no node.
  private async verifyFleet(
    named: string | undefined,
    flags: FleetFlagValues & FleetReporting,
  ): Promise<Outcome<FleetResult>> {
    const { openFleetInspection } = await import('./frame/fleet/inspect-fleet.ts')
    const { fleetOutcome } = await import('./frame/fleet/fleet-outcome.ts')
    const means = { host: this.host, version: this.config.version }
    const inspect = await openFleetInspection(named, flags, means)
    return fleetOutcome(await inspect(), flags, this.host)
  }

  private async watchFleet(
    named: string | undefined,
    flags: FleetFlagValues & WatchFlagValues,
  ): Promise<Outcome<WatchResult>> {
    const { runWatch } = await import('./frame/fleet/run-watch.ts')
    const { createDashboardScreen, createLineScreen } = await import('./frame/fleet/watch-screen.ts')
    const json = this.jsonEnabled()
    const means = {
      style: this.styleOf(process.stdout),
      nowMs: this.host.nowMs,
      write: (line: string) => void process.stdout.write(`${line}\n`),
      note: (text: string) => this.note(text),
    }
    const isSeen = process.stdout.isTTY && !json && !this.host.env['CI'] && this.host.env['TERM'] !== 'dumb'
    const screen = isSeen
      ? await createDashboardScreen(process.stdout, means)
      : createLineScreen(json ? 'json' : 'text', means)
    const result = await runWatch(named, flags, { host: this.host, version: this.config.version, screen })
    return { result, text: () => '' }
  }

  private async verifyNamed(name: string, flags: NamedFlagValues): Promise<Outcome<VerificationReport>> {
    const { cwd } = this.host
    const policy = await readPolicy(
      { ...flags, 'require-sbom': flags['require-sbom'] || flags.sbom !== undefined },
      cwd,
    )
    const named = { kind: await kindOfTarget(name, cwd), name }
    const target = await readTarget(named, flags, this.host).catch((error: unknown) =>
      refuseTarget(named, error),
    )
    const report = 'chain' in target ? target : await this.follow(target, policy, flags)
    return {
      result: report,
      ...(report.problem && { exit: report.problem.exit }),
      text: (style) => renderVerification(report, style),
    }
  }

  private async follow(
    target: VerificationTarget,
    policy: VerificationPolicy,
    { project, rebuild }: { readonly project?: string | undefined; readonly rebuild: boolean },
  ): Promise<VerificationReport> {
    const { cwd } = this.host
    const folder = project === undefined ? await projectFolder(cwd) : resolve(cwd, project)
    return verifyTarget(target, policy, {
      readGitTree: policy.requireGit ? (commit) => readTree(folder, commit) : undefined,
      readPins: fetchedPins(this.host),
      rebuild: rebuild ? await this.rebuildFrom(folder) : undefined,
    })
  }

  // The compiler is loaded only where something is compiled.
  private async rebuildFrom(folder: string): Promise<Rebuild> {
    const { rebuildFrom } = await import('./frame/rebuild-artifact.ts')
    return rebuildFrom(folder, this.config.version, this.host)
  }
}
