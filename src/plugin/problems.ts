import { catalogue, ExitCode } from '../domain/index.ts'

export const pluginProblems = catalogue({
  BCN_PLUGIN_NO_PROJECT: {
    exit: ExitCode.usage,
    message: ({ root, reason }: { root: string; reason: string }) =>
      `${root} is no folder of a plugin: ${reason}.`,
    hint: 'Name the folder that has its plugin.toml, or write a new one with `barbacane plugin new NAME`.',
  },
  BCN_PLUGIN_NAME: {
    exit: ExitCode.usage,
    message: ({ name }: { name: string }) => `${JSON.stringify(name)} is no name of a plugin.`,
    hint: 'Use lower-case letters, digits and hyphens, beginning with a letter, 64 at most.',
  },
  BCN_PLUGIN_TOOLCHAIN: {
    exit: ExitCode.environment,
    message: ({ language, reason }: { language: string; reason: string; install: string }) =>
      `The toolchain of ${language} is not there: ${reason}.`,
    hint: ({ install }: { install: string }) => `Install it: ${install}.`,
  },
  BCN_PLUGIN_NOT_BUILT: {
    exit: ExitCode.findings,
    message: ({ program, output }: { program: string; output: string }) =>
      `${program} did not build the plugin:\n${output}`,
    hint: 'Correct what it reports, and build again.',
  },
  BCN_PLUGIN_UNFIT: {
    exit: ExitCode.findings,
    message: ({ name }: { name: string }) => `The plugin ${name} was built, and no gateway would run it.`,
    hint: 'Correct what is listed; nothing was written.',
  },
  BCN_PLUGIN_NOT_READ: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) => `Cannot read ${path}: ${reason}.`,
    hint: 'Check the path; `barbacane plugin build` writes the module of a plugin.',
  },
  BCN_PLUGIN_FIXTURE: {
    exit: ExitCode.usage,
    message: ({ path, count }: { path: string; count: number }) =>
      `${path} has ${count === 1 ? 'a fault' : `${count} faults`}.`,
    hint: 'Correct what is listed; `barbacane explain plugin-fixtures` describes the file.',
  },
  BCN_PLUGIN_NO_FIXTURES: {
    exit: ExitCode.usage,
    message: ({ folder }: { folder: string }) => `There is no .yaml, .yml or .json file in ${folder}.`,
    hint: 'Write a file with a `request` there, and let `barbacane plugin test --update` add what becomes of it.',
  },
})
