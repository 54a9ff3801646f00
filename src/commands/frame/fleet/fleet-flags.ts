import { Flags } from '@oclif/core'

const helpGroup = 'FLEET'
const dependsOn = ['fleet']

/** How a fleet is verified; each needs --fleet. */
export const fleetFlags = {
  fleet: Flags.boolean({
    summary: 'Verify the gateways of a fleet: TARGET is its fleet.yaml, found upwards unless given.',
    helpGroup,
  }),
  ref: Flags.string({
    summary: 'The commit that says what is desired; what the branch follows, else HEAD, unless given.',
    helpValue: 'REF',
    helpGroup,
    dependsOn,
  }),
  environment: Flags.string({
    aliases: ['env'],
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Only the nodes of this environment; may be given several times.',
    helpValue: 'NAME',
    helpGroup,
    dependsOn,
  }),
  node: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Only this node; may be given several times.',
    helpValue: 'NAME',
    helpGroup,
    dependsOn,
  }),
  'require-attestation': Flags.boolean({
    summary: 'Believe no node whose public key fleet.yaml does not have.',
    helpGroup,
    dependsOn,
  }),
  'verify-signatures': Flags.boolean({
    summary: 'Verify what is pinned too: commit, inputs, artifact and image, each artifact once.',
    helpGroup,
    dependsOn,
  }),
  artifact: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'File of a pinned artifact, instead of its image; may be given several times.',
    helpValue: 'FILE',
    helpGroup,
    dependsOn: ['verify-signatures'],
  }),
  explain: Flags.boolean({
    allowNo: true,
    summary: 'Tell how drifted nodes differ, as it does unless told not to; APIs are compiled for that.',
    helpGroup,
    dependsOn,
  }),
  timeout: Flags.integer({
    min: 1,
    max: 300,
    summary: 'Seconds that an attempt to ask a node may take; 5 unless given.',
    helpValue: 'SECONDS',
    helpGroup,
    dependsOn,
  }),
  retries: Flags.integer({
    min: 0,
    max: 10,
    summary: 'Further attempts where a node cannot be reached; 2 unless given.',
    helpValue: 'COUNT',
    helpGroup,
    dependsOn,
  }),
  concurrency: Flags.integer({
    min: 1,
    max: 1024,
    summary: 'Nodes that are asked at the same time; 64 unless given, and 8 of one host.',
    helpValue: 'COUNT',
    helpGroup,
    dependsOn,
  }),
  'max-skew': Flags.integer({
    min: 0,
    max: 86_400,
    summary: 'Seconds that the clock of a node may be off; 60 unless given.',
    helpValue: 'SECONDS',
    helpGroup,
    dependsOn,
  }),
  format: Flags.option({
    options: ['text', 'markdown', 'junit'] as const,
    summary: 'How to report; `text` unless given, `markdown` for comments and issues.',
    helpGroup,
    dependsOn,
  })(),
  output: Flags.string({
    char: 'o',
    summary: 'Write the report on a fleet to a file; the screen shows text.',
    helpValue: 'FILE',
    helpGroup,
    dependsOn,
  }),
}

/** The values of {@link fleetFlags}. */
export interface FleetFlagValues {
  readonly ref?: string | undefined
  readonly environment?: readonly string[] | undefined
  readonly node?: readonly string[] | undefined
  readonly 'require-attestation'?: boolean
  readonly 'verify-signatures'?: boolean
  readonly artifact?: readonly string[] | undefined
  readonly 'plain-http': boolean
  readonly explain?: boolean
  readonly timeout?: number | undefined
  readonly retries?: number | undefined
  readonly concurrency?: number | undefined
  readonly 'max-skew'?: number | undefined
}

/** Of one host, which may stand for many behind the same address. */
const PER_HOST = 8

/** How nodes are asked and judged, unless the flags say otherwise. */
export function fleetOptions(flags: FleetFlagValues) {
  return {
    timeoutMs: (flags.timeout ?? 5) * 1000,
    retries: flags.retries ?? 2,
    concurrency: flags.concurrency ?? 64,
    perHost: PER_HOST,
    maxSkewMs: (flags['max-skew'] ?? 60) * 1000,
    requireAttestation: flags['require-attestation'] ?? false,
  }
}
