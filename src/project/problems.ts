import { catalogue, ExitCode } from '../domain/index.ts'

export const projectProblems = catalogue({
  BCN_INIT_EXISTS: {
    exit: ExitCode.usage,
    message: ({ root, paths }: { root: string; paths: readonly string[] }) =>
      `Nothing was written: ${root} has other content in ${paths.join(', ')}.`,
    hint: 'Choose another folder, or replace these files with --force.',
  },
  BCN_INIT_OBSTRUCTED: {
    exit: ExitCode.usage,
    message: ({ root, paths }: { root: string; paths: readonly string[] }) =>
      `Nothing was written: in ${root} something that is not a file stands at ${paths.join(', ')}.`,
    hint: 'Move it away or choose another folder; --force replaces only files.',
  },
  BCN_INIT_NOT_WRITTEN: {
    exit: ExitCode.environment,
    message: ({ root, reason, stuck }: { root: string; reason: string; stuck: readonly string[] }) =>
      stuck.length === 0
        ? `The project could not be written; ${root} is as it was before: ${reason}.`
        : `The project could not be written: ${reason}. Not everything could be taken back: ${stuck.join('; ')}.`,
    hint: 'Check that you may write there and that the disk has room.',
  },
})
