import { catalogue, ExitCode } from '../domain/index.ts'

const CHANGES_SHOWN = 5

/** Faults of pinning a release. */
export const releaseProblems = catalogue({
  BCN_RELEASE_DIRTY_TREE: {
    exit: ExitCode.usage,
    message: ({ paths }: { paths: readonly string[] }) =>
      `The work tree differs from its commit: ${paths.slice(0, CHANGES_SHOWN).join(', ')}${paths.length > CHANGES_SHOWN ? ` and ${paths.length - CHANGES_SHOWN} more` : ''}.`,
    hint: 'Commit or stash what has changed, so that what is released is decided by commits alone.',
  },
  BCN_RELEASE_NO_BRANCH: {
    exit: ExitCode.usage,
    message: ({ folder }: { folder: string }) => `No branch is checked out in ${folder}.`,
    hint: 'Check one out with `git switch BRANCH`: a commit without a branch is lost.',
  },
  BCN_RELEASE_BEHIND: {
    exit: ExitCode.usage,
    message: ({ branch, upstream, count }: { branch: string; upstream: string; count: number }) =>
      `${branch} lacks ${count === 1 ? '1 commit' : `${count} commits`} of ${upstream}.`,
    hint: 'Run `git pull --rebase` and look again at what is pinned: it may have changed.',
  },
  BCN_RELEASE_NO_POLICY: {
    exit: ExitCode.usage,
    message: ({ environment, path }: { environment: string; path: string }) =>
      `${path} does not say whose signatures are accepted in ${environment}.`,
    hint: 'Give the environment `verify: ./policy.yaml`, or `allow_unsigned: true` where nothing has to be signed.',
  },
  BCN_RELEASE_NOTHING_PINNED: {
    exit: ExitCode.usage,
    message: ({ environment, ref }: { environment: string; ref: string }) =>
      `Nothing is released to ${environment} at ${ref}.`,
    hint: 'Release an artifact there with `barbacane release ARTIFACT --env ENVIRONMENT`.',
  },
  BCN_RELEASE_NO_ARTIFACT: {
    exit: ExitCode.usage,
    message: ({ environment, digest }: { environment: string; digest: string }) =>
      `The release of ${environment} names no image, and none of the files given is ${digest}.`,
    hint: 'Give the file with `--artifact FILE.bca`; a release of an image needs none.',
  },
  BCN_RELEASE_OTHER_ARTIFACT: {
    exit: ExitCode.notVerified,
    message: ({ image, expected, found }: { image: string; expected: string; found: string }) =>
      `${image} holds the artifact ${found}, and the release pins ${expected}.`,
    hint: 'Find out who wrote the release file: its digests do not belong together.',
  },
  BCN_RELEASE_OTHER_BUILD: {
    exit: ExitCode.notVerified,
    message: ({ member, expected, found }: { member: string; expected: string; found: string }) =>
      `The release says \`${member}: ${expected}\`, and its artifact says ${found}.`,
    hint: 'Find out who wrote the release file: its members do not belong together.',
  },
  BCN_RELEASE_DIRTY_BUILD: {
    exit: ExitCode.notVerified,
    message: ({ reason }: { reason: string }) => `The artifact cannot be traced to a commit: ${reason}.`,
    hint: 'Compile it from a clean work tree in git, best in CI, and release that.',
  },
  BCN_RELEASE_NOT_PROMOTED: {
    exit: ExitCode.findings,
    message: ({ environment, from }: { environment: string; from: readonly string[] }) =>
      `${environment} takes only what ${from.join(' or ')} pins, and this artifact is not it.`,
    hint: 'Release it there first, then run `barbacane promote`.',
  },
  BCN_RELEASE_BREAKING: {
    exit: ExitCode.findings,
    message: ({ environment, count }: { environment: string; count: number }) =>
      `${count === 1 ? '1 change breaks' : `${count} changes break`} clients of what ${environment} serves now.`,
    hint: '`barbacane plan` shows them. Where it is meant, give `--allow-breaking` and a `--reason`.',
  },
  BCN_RELEASE_NOT_COMPARED: {
    exit: ExitCode.inconclusive,
    message: ({ environment, reason }: { environment: string; reason: string }) =>
      `Whether clients of ${environment} break cannot be told, because what it pins now is not here: ${reason}`,
    hint: 'Give the file with `--artifact FILE.bca`, or accept it with `--allow-breaking` and a `--reason`.',
  },
  BCN_RELEASE_NOT_IN_HISTORY: {
    exit: ExitCode.usage,
    message: ({ environment, to }: { environment: string; to: string }) =>
      `${to} was never released to ${environment}.`,
    hint: '`barbacane history --env ENVIRONMENT` lists what was; name a commit of it, or a digest.',
  },
  BCN_RELEASE_NO_EARLIER: {
    exit: ExitCode.usage,
    message: ({ environment }: { environment: string }) =>
      `There is no earlier release of ${environment} to go back to.`,
    hint: '`barbacane history --env ENVIRONMENT` lists what was released. One that was rolled back is reached with `--to`.',
  },
  BCN_RELEASE_HISTORY_CUT: {
    exit: ExitCode.inconclusive,
    message: ({ environment }: { environment: string }) =>
      `The history of ${environment} is not all here, so which release was the one before cannot be told.`,
    hint: 'Run `git fetch --unshallow` (in CI: `fetch-depth: 0`), or name the release with `--to`.',
  },
  BCN_PLAN_NO_COMMON_COMMIT: {
    exit: ExitCode.usage,
    message: ({ base, ref }: { base: string; ref: string }) =>
      `${base} and ${ref} have no commit in common here, so what ${ref} changes cannot be told.`,
    hint: 'Fetch more of the history (in CI: `fetch-depth: 0`), or name another `--base`.',
  },
  BCN_PLAN_OPTIONS: {
    exit: ExitCode.usage,
    message: ({ reason }: { reason: string }) => `What is to be planned is not clear: ${reason}.`,
    hint: 'Give an artifact with `--env`; or `--from` and `--to`; or neither, with `--base` where needed.',
  },
})
