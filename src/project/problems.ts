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
      `Nothing was written: in ${root} something stands where another kind of thing has to be: ${paths.join(', ')}.`,
    hint: 'Folders and files are not replaced by each other, also not with --force: move it away, or choose another folder.',
  },
  BCN_INIT_NOT_WRITTEN: {
    exit: ExitCode.environment,
    message: ({ root, reason, stuck }: { root: string; reason: string; stuck: readonly string[] }) =>
      stuck.length === 0
        ? `The project could not be written; ${root} is as it was before: ${reason}.`
        : `The project could not be written: ${reason}. Not everything could be taken back: ${stuck.join('; ')}.`,
    hint: 'Check that you may write there and that the disk has room.',
  },
  BCN_INIT_IN_REPOSITORY: {
    exit: ExitCode.usage,
    message: ({ root, top }: { root: string; top: string }) =>
      `Nothing was written: ${root} is part of the git repository ${top} already.`,
    hint: 'Leave out --git and commit the project there, or choose a folder outside of it.',
  },
  BCN_INIT_BELOW_TOP: {
    exit: ExitCode.usage,
    message: ({ root, top }: { root: string; top: string }) =>
      `Nothing was written: ${root} is below the top of the git repository ${top}, where pipelines and hooks have to be.`,
    hint: 'Run it at the top, with `--template none` where the project is in a folder below, and name that folder in what it writes.',
  },
  BCN_INIT_GIT: {
    exit: ExitCode.environment,
    message: ({ root, reason }: { root: string; reason: string }) =>
      `Nothing was written to ${root}: git does not run: ${reason}.`,
    hint: 'Install git, or leave out --git.',
  },
  BCN_INIT_NO_COMMIT: {
    exit: ExitCode.environment,
    message: ({ root, reason }: { root: string; reason: string }) =>
      `The project is in ${root}, but git did not commit it: ${reason}.`,
    hint: 'Git needs to know who commits (`git config --global user.name` and `user.email`); then commit it yourself.',
  },
})
