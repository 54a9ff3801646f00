import { catalogue, ExitCode } from '../domain/index.ts'

export const gitProblems = catalogue({
  BCN_GIT_FAILED: {
    exit: ExitCode.environment,
    message: ({ root, reason }: { root: string; reason: string }) => `git cannot read ${root}: ${reason}`,
    hint: 'Run `git status` there and correct what it reports; what is compiled has to be traced to a commit.',
  },
  BCN_GIT_NO_IDENTITY: {
    exit: ExitCode.usage,
    message: ({ root }: { root: string }) => `git does not know who would commit in ${root}.`,
    hint: 'Say it once with `git config user.name NAME` and `git config user.email MAIL`.',
  },
  BCN_GIT_NOT_COMMITTED: {
    exit: ExitCode.environment,
    message: ({ path, reason }: { path: string; reason: string }) =>
      `git did not commit ${path}: ${reason}. The file is as it was.`,
    hint: 'Correct what git reports, such as a hook that refuses or a key to sign with that is missing, and run it again.',
  },
  BCN_GIT_NOT_PUSHED: {
    exit: ExitCode.environment,
    message: ({ branch, remote, reason }: { branch: string; remote: string; reason: string }) =>
      `The commit was made on ${branch}, but ${remote} did not take it: ${reason}.`,
    hint: 'Nothing is intended yet. Run `git pull --rebase` and `git push`, or take the commit back with `git reset --hard HEAD~1`.',
  },
})
