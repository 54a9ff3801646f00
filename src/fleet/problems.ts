import { catalogue, ExitCode } from '../domain/index.ts'

export const fleetProblems = catalogue({
  BCN_FLEET_NOT_FOUND: {
    exit: ExitCode.usage,
    message: ({ folder }: { folder: string }) =>
      `There is no fleet.yaml in ${folder} or above it within its git repository.`,
    hint: 'Change to the folder of the fleet, or name its file; `barbacane explain fleet` describes it.',
  },
  BCN_FLEET_NO_COMMIT: {
    exit: ExitCode.usage,
    message: ({ ref, folder }: { ref: string; folder: string }) =>
      `The repository of ${folder} knows no commit called ${ref}.`,
    hint: 'Correct the name, or fetch it first; a checkout of CI may have one commit only.',
  },
  BCN_FLEET_NOT_COMMITTED: {
    exit: ExitCode.usage,
    message: ({ path, ref }: { path: string; ref: string }) => `${ref} has no ${path}.`,
    hint: 'Commit the file and, where it is read from a branch of a remote, push it: what is not there is not intended.',
  },
  BCN_FLEET_NO_ENVIRONMENT: {
    exit: ExitCode.usage,
    message: ({
      name,
      path,
    }: {
      name: string
      path: string
      suggestion: string | undefined
      known: readonly string[]
    }) => `${path} has no environment called ${name}.`,
    hint: ({ suggestion, known }: { suggestion: string | undefined; known: readonly string[] }) =>
      suggestion === undefined ? `Known are: ${known.join(', ')}.` : `Did you mean ${suggestion}?`,
  },
  BCN_FLEET_NO_NODE: {
    exit: ExitCode.usage,
    message: ({ name, ref }: { name: string; ref: string; suggestion: string | undefined }) =>
      `fleet.yaml at ${ref} has no node called ${name}.`,
    hint: ({ suggestion }: { name: string; ref: string; suggestion: string | undefined }) =>
      suggestion === undefined
        ? 'Name a node as `fleet.yaml` does, or leave `--node` out.'
        : `Did you mean ${suggestion}?`,
  },
  BCN_FLEET_NO_NODES: {
    exit: ExitCode.usage,
    message: ({ ref }: { ref: string }) => `fleet.yaml at ${ref} has no node that was asked for.`,
    hint: 'Add nodes to `fleet.yaml` and commit it, or ask for other environments or nodes.',
  },
  BCN_FLEET_STATE: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) =>
      `Cannot use the state file ${path}: ${reason}.`,
    hint: 'Name another file with --state-file, or remove this one: open episodes are then told about again.',
  },
  BCN_FLEET_WEBHOOK: {
    exit: ExitCode.usage,
    message: ({ reason }: { reason: string }) => `The webhook cannot be used: ${reason}.`,
    hint: 'Give an https:// URL with --webhook, and a secret as `whsec_` and base64 of 24 to 64 bytes in BARBACANE_WEBHOOK_SECRET.',
  },
})
