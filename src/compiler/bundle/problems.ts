import { catalogue, ExitCode } from '../../domain/index.ts'

export const bundleProblems = catalogue({
  BCN_BUNDLE_FINDINGS: {
    exit: ExitCode.findings,
    message: ({ errors }: { errors: number }) =>
      `Nothing was bundled: ${errors === 1 ? 'there is 1 error' : `there are ${errors} errors`} in what the description refers to.`,
    hint: 'Correct what is listed; `barbacane explain RULE` tells more about each rule.',
  },
  BCN_BUNDLE_REFUSED: {
    exit: ExitCode.usage,
    message: ({ reason }: { reason: string; fix: string }) => `Nothing was bundled: ${reason}.`,
    hint: ({ fix }: { reason: string; fix: string }) => `${fix} \`compile\` reads many files as they are.`,
  },
})
