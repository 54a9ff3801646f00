import { catalogue, ExitCode } from '../../../domain/index.ts'

/** Faults of keeping the list of nodes. */
export const nodeProblems = catalogue({
  BCN_NODE_NAME: {
    exit: ExitCode.usage,
    message: ({ name }: { name: string }) => `${JSON.stringify(name)} is no name of a node.`,
    hint: 'Use lower-case letters, digits, dots and hyphens, as in the name of a host.',
  },
  BCN_NODE_UNKNOWN: {
    exit: ExitCode.usage,
    message: ({ name, path }: { name: string; path: string; suggestion: string | undefined }) =>
      `${path} has no node called ${name}.`,
    hint: ({ suggestion }: { suggestion: string | undefined }) =>
      suggestion === undefined ? '`barbacane node list` lists the nodes.' : `Did you mean ${suggestion}?`,
  },
  BCN_NODE_REFUSED: {
    exit: ExitCode.usage,
    message: ({ name, path, reason }: { name: string; path: string; reason: string; fix: string }) =>
      `The node ${name} does not fit into ${path}: ${reason}.`,
    hint: ({ fix }: { fix: string }) => `${fix} The file was left as it is.`,
  },
  BCN_NODE_PUBLIC_KEY: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) =>
      `${path} is not the public key of a node: ${reason}.`,
    hint: 'Give the .pub file that `barbacane node keygen` writes; the private key stays on the node.',
  },
})
