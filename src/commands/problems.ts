import { catalogue, ExitCode } from '../domain/index.ts'

interface Usage {
  readonly fault: string
  /** What was typed up to the fault, e.g. `lint`. */
  readonly command: string
  /** What may have been meant. */
  readonly suggestion: string | undefined
}

interface UnknownCommand {
  readonly command: string
  readonly suggestion: string | undefined
}

const STOPPED = 'Run it again; files are only replaced when their new content is complete.'

export const commandProblems = catalogue({
  BCN_CLI_USAGE: {
    exit: ExitCode.usage,
    message: ({ fault }: Usage) => fault,
    hint: ({ command, suggestion }: Usage) =>
      `${question(suggestion)}\`barbacane ${command} --help\` lists what it takes.`,
  },
  BCN_CLI_UNKNOWN_COMMAND: {
    exit: ExitCode.usage,
    message: ({ command }: UnknownCommand) => `There is no command "${command}".`,
    hint: ({ suggestion }: UnknownCommand) =>
      `${question(suggestion === undefined ? undefined : `\`barbacane ${suggestion}\``)}\`barbacane help\` lists the commands.`,
  },
  BCN_CLI_INTERRUPTED: {
    exit: ExitCode.interrupted,
    message: ({ command }: { command: string }) => `${command} was interrupted before it was done.`,
    hint: STOPPED,
  },
  BCN_CLI_TERMINATED: {
    exit: ExitCode.terminated,
    message: ({ command }: { command: string }) => `${command} was told to end before it was done.`,
    hint: STOPPED,
  },
  BCN_EXPLAIN_UNKNOWN: {
    exit: ExitCode.usage,
    message: ({ name }: { name: string; suggestion: string | undefined }) =>
      `There is no error code, rule or topic called "${name}".`,
    hint: ({ suggestion }: { name: string; suggestion: string | undefined }) =>
      `${question(suggestion)}\`barbacane explain\` lists all of them.`,
  },
  BCN_LINT_TARGETS: {
    exit: ExitCode.usage,
    message: ({ manifest, file }: { manifest: string; file: string }) =>
      `${file} does not belong to the project of ${manifest}.`,
    hint: 'Lint them one after the other.',
  },
  BCN_LINT_BASELINE: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) =>
      `Cannot use the baseline ${path}: ${reason}.`,
    hint: 'Write it with `barbacane lint --write-baseline FILE`.',
  },
  BCN_LOCK_INCOMPLETE: {
    exit: ExitCode.findings,
    message: ({ lock }: { lock: string }) =>
      `${lock} was not written, because some references cannot be followed.`,
    hint: 'Correct what is listed: what a document that cannot be read refers to is not known.',
  },
  BCN_LOCK_FROZEN: {
    exit: ExitCode.findings,
    message: ({ lock }: { lock: string }) => `${lock} is not what the descriptions refer to.`,
    hint: 'Run `barbacane lock` where you work, look at what has changed, and commit it.',
  },
  BCN_LOCK_UNKNOWN: {
    exit: ExitCode.usage,
    message: ({ url, lock }: { url: string; lock: string }) => `${lock} does not pin ${url}.`,
    hint: 'Name a URL as the lock does; without --update `barbacane lock` pins what is new.',
  },
  BCN_LOCK_TOO_MANY: {
    exit: ExitCode.usage,
    message: ({ limit }: { limit: number }) =>
      `The descriptions refer to more than ${limit} documents of the network.`,
    hint: 'Look at what the last ones refer to: each may name another without end. Copy into the project what is meant.',
  },
  BCN_FMT_REFUSED: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) => `Cannot format ${path}: ${reason}.`,
    hint: '`barbacane lint` tells what is wrong with it. No file was written.',
  },
  BCN_LINT_RULESET: {
    exit: ExitCode.usage,
    message: ({ ruleset, reason }: { ruleset: string; reason: string }) =>
      `Cannot use the ruleset ${ruleset}: ${reason}.`,
    hint: 'Install it with `npm install --save-dev @stoplight/spectral-cli`, and check the path of the ruleset.',
  },
  BCN_LINT_NOT_IN_GIT: {
    exit: ExitCode.usage,
    message: ({ folder }: { folder: string }) =>
      `${folder} is in no git repository, so nothing is staged there.`,
    hint: 'Run it within a repository, or leave `--staged` out.',
  },
  BCN_SHIP_FINDINGS: {
    exit: ExitCode.findings,
    message: ({ count, failOn }: { count: number; failOn: string }) =>
      `Nothing was shipped: ${count === 1 ? 'there is 1 finding' : `there are ${count} findings`} of severity ${failOn} or above.`,
    hint: 'Correct what is listed; `barbacane explain RULE` tells more about each rule.',
  },
  BCN_DIFF_NOT_FOUND: {
    exit: ExitCode.usage,
    message: ({ named }: { named: string }) => `There is nothing called ${named}.`,
    hint: 'Name a project, a description or a .bca, or git:REF or REF:PATH for what a commit holds.',
  },
  BCN_DIFF_NO_COMMIT: {
    exit: ExitCode.usage,
    message: ({ ref, folder }: { ref: string; folder: string }) =>
      `The repository of ${folder} knows no commit called ${ref}.`,
    hint: 'Correct the name; a checkout of CI may have to fetch more than one commit, as with fetch-depth: 0.',
  },
  BCN_PLUGIN_UNKNOWN: {
    exit: ExitCode.usage,
    message: ({ name }: { name: string; suggestion: string | undefined }) =>
      `No built-in middleware or dispatcher is called "${name}".`,
    hint: ({ suggestion }: { name: string; suggestion: string | undefined }) =>
      `${question(suggestion)}\`barbacane plugin docs\` lists all of them.`,
  },
  BCN_INTERNAL_BUG: {
    exit: ExitCode.bug,
    message: ({ reason }: { reason: string }) => `Barbacane failed in a way it does not know: ${reason}`,
    hint: 'This is a fault of barbacane. Run it again with BARBACANE_DEBUG=1 and report what it prints.',
  },
})

function question(suggestion: string | undefined): string {
  return suggestion === undefined ? '' : `Did you mean ${suggestion}? `
}
