import { catalogue, ExitCode } from '../domain/index.ts'

const REBUILD =
  'Do not use this file. Compile the artifact again, or fetch it again from where it was published.'

export const artifactProblems = catalogue({
  BCN_ARTIFACT_UNREADABLE: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) =>
      `Cannot read the artifact ${path}: ${reason}.`,
    hint: 'Check the path and its permissions; `barbacane compile -o FILE.bca` writes an artifact.',
  },
  BCN_ARTIFACT_NOT_WRITTEN: {
    exit: ExitCode.environment,
    message: ({ path, reason }: { path: string; reason: string }) => `Cannot write ${path}: ${reason}.`,
    hint: 'Check that the folder exists, that you may write to it and that the disk has room.',
  },
  BCN_ARTIFACT_TOO_LARGE: {
    exit: ExitCode.usage,
    message: ({ what, limit }: { what: string; limit: number }) =>
      `The artifact has ${what}, more than the limit of ${limit}.`,
    hint: 'Split the API into several artifacts, or check where this file comes from.',
  },
  BCN_ARTIFACT_MALFORMED: {
    exit: ExitCode.notVerified,
    message: ({ offset, reason }: { offset: number; reason: string }) =>
      `This is not an intact .bca file: ${reason} (at byte ${offset}).`,
    hint: REBUILD,
  },
  BCN_ARTIFACT_CHECKSUM: {
    exit: ExitCode.notVerified,
    message: ({ expected, actual }: { expected: string; actual: string }) =>
      `The artifact is damaged or was altered: its checksum says ${expected}, its bytes have ${actual}.`,
    hint: REBUILD,
  },
  BCN_ARTIFACT_VERSION: {
    exit: ExitCode.usage,
    message: ({ found, supported }: { found: string; supported: number }) =>
      `The artifact has format version ${found}; this version of barbacane reads up to ${supported}.`,
    hint: 'Upgrade barbacane on this machine, or compile with the version that runs here.',
  },
  BCN_ARTIFACT_MANIFEST: {
    exit: ExitCode.notVerified,
    message: ({ reason }: { reason: string }) => `The artifact's manifest is not valid: ${reason}.`,
    hint: REBUILD,
  },
  BCN_ARTIFACT_ENTRY_MISMATCH: {
    exit: ExitCode.notVerified,
    message: ({ entry, reason }: { entry: string; reason: string }) =>
      `The artifact's entry ${entry} does not agree with its manifest: ${reason}.`,
    hint: REBUILD,
  },
  BCN_ARTIFACT_INPUT_MISMATCH: {
    exit: ExitCode.notVerified,
    message: ({ input, reason }: { input: string; reason: string }) =>
      `The artifact's input ${input} does not agree with what it claims: ${reason}.`,
    hint: REBUILD,
  },
  BCN_ARTIFACT_HASH_MISMATCH: {
    exit: ExitCode.notVerified,
    message: ({ expected, actual }: { expected: string; actual: string }) =>
      `The artifact claims the fingerprint ${expected}, but its inputs give ${actual}.`,
    hint: REBUILD,
  },
  BCN_ARTIFACT_PLAN: {
    exit: ExitCode.usage,
    message: ({ reason }: { reason: string }) => `The artifact's plan cannot be loaded: ${reason}.`,
    hint: 'Compile the artifact again with the version of barbacane that runs here.',
  },
})
