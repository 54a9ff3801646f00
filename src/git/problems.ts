import { catalogue, ExitCode } from '../domain/index.ts'

export const gitProblems = catalogue({
  BCN_GIT_FAILED: {
    exit: ExitCode.environment,
    message: ({ root, reason }: { root: string; reason: string }) => `git cannot read ${root}: ${reason}`,
    hint: 'Run `git status` there and correct what it reports; what is compiled has to be traced to a commit.',
  },
})
