import { catalogue, ExitCode } from '../domain/index.ts'

export const configProblems = catalogue({
  BCN_CONFIG_NO_PROJECT: {
    exit: ExitCode.usage,
    message: ({ folder }: { folder: string }) =>
      `There is no barbacane.yaml in ${folder} or above it within its git repository.`,
    hint: 'Change to the folder of a project, name its file with -m, or write a new project with `barbacane init`.',
  },
  BCN_CONFIG_UNREADABLE: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) => `Cannot read ${path}: ${reason}.`,
    hint: 'Check the path and its permissions.',
  },
  BCN_CONFIG_INVALID: {
    exit: ExitCode.usage,
    message: ({ path, count }: { path: string; count: number }) =>
      `${path} has ${count === 1 ? 'a fault' : `${count} faults`}.`,
    hint: 'Correct what is listed; `barbacane explain config` describes the file.',
  },
  BCN_CONFIG_SPEC_OUTSIDE: {
    exit: ExitCode.usage,
    message: ({ path, root }: { path: string; root: string }) =>
      `The description ${path} is not within the project ${root}.`,
    hint: 'Name a file below the folder of barbacane.yaml; everything that is compiled is an input of the project.',
  },
  BCN_FLEET_INVALID: {
    exit: ExitCode.usage,
    message: ({ path, count }: { path: string; count: number }) =>
      `${path} has ${count === 1 ? 'a fault' : `${count} faults`}.`,
    hint: 'Correct what is listed; `barbacane explain fleet` describes the file.',
  },
  BCN_RELEASE_INVALID: {
    exit: ExitCode.usage,
    message: ({ path, count }: { path: string; count: number }) =>
      `${path} has ${count === 1 ? 'a fault' : `${count} faults`}.`,
    hint: 'Go back to the last commit in which it was right; `barbacane explain releases` describes the file.',
  },
})
