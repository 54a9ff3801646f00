import { catalogue, ExitCode } from '../domain/index.ts'

export const compileProblems = catalogue({
  BCN_COMPILE_FINDINGS: {
    exit: ExitCode.findings,
    message: ({ errors }: { errors: number }) =>
      `Nothing was compiled: ${errors === 1 ? 'there is 1 error' : `there are ${errors} errors`} in the project.`,
    hint: 'Correct what is listed; `barbacane explain RULE` tells more about each rule.',
  },
  BCN_COMPILE_SOURCE_DATE_EPOCH: {
    exit: ExitCode.usage,
    message: ({ value }: { value: string }) =>
      `SOURCE_DATE_EPOCH is ${JSON.stringify(value)}, which is no time that an artifact can have.`,
    hint: 'Set it to whole seconds since 1970, e.g. with `git log -1 --format=%ct`, or unset it.',
  },
})
