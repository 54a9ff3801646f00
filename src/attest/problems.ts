import { catalogue, ExitCode } from '../domain/index.ts'

const WORKFLOW_LINES = `permissions:
  contents: read
  id-token: write`

/** Faults of making keys, signatures, SBOMs and proofs. */
export const attestProblems = catalogue({
  BCN_ATTEST_OPTIONS: {
    exit: ExitCode.notVerified,
    message: ({ path }: { path: string }) => `The artifact's ${path} is not a JSON object.`,
    hint: 'Compile the artifact again with this version of barbacane.',
  },
  BCN_ATTEST_IMAGE: {
    exit: ExitCode.usage,
    message: ({ layout, found, expected }: { layout: string; found: string; expected: string }) =>
      `The image in ${layout} holds the artifact ${found}, not ${expected}.`,
    hint: 'Package this artifact with `barbacane package`, then sign it with `--image LAYOUT`.',
  },
  BCN_ATTEST_SIGNER: {
    exit: ExitCode.usage,
    message: () => 'Nothing says how to sign, or two ways are given.',
    hint: 'Give either `--key FILE` (see `barbacane keygen`) or `--keyless`.',
  },
  BCN_ATTEST_KEY_UNREADABLE: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) =>
      `Cannot read the key ${path}: ${reason}.`,
    hint: 'A private key is PKCS#8 PEM, a public key SPKI PEM; `barbacane keygen` writes both.',
  },
  BCN_ATTEST_KEY_TYPE: {
    exit: ExitCode.usage,
    message: ({ path, type }: { path: string; type: string }) => `The key ${path} is ${type}.`,
    hint: 'Use P-256, P-384, Ed25519 or RSA of 2048 bits and more; `barbacane keygen` makes P-256.',
  },
  BCN_ATTEST_KEY_PASSPHRASE: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) =>
      `The key ${path} is encrypted, and ${reason}.`,
    hint: 'Set BARBACANE_KEY_PASSPHRASE, or give `--passphrase-file FILE`.',
  },
  BCN_ATTEST_PASSPHRASE_FILE: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) =>
      `Cannot use the passphrase file ${path}: ${reason}.`,
    hint: 'The first line of the file is the passphrase; it must not be empty.',
  },
  BCN_ATTEST_KEY_EXISTS: {
    exit: ExitCode.usage,
    message: ({ path }: { path: string }) => `${path} exists already; a key is never overwritten.`,
    hint: 'Choose another name with `--output`, or move the old key away first.',
  },
  BCN_ATTEST_KEY_NOT_WRITTEN: {
    exit: ExitCode.environment,
    message: ({ path, reason }: { path: string; reason: string }) =>
      `Cannot write the key ${path}: ${reason}.`,
    hint: 'Check that the folder exists, that you may write to it and that the disk has room.',
  },
  BCN_ATTEST_TOKEN_PERMISSION: {
    exit: ExitCode.usage,
    message: () => 'The workflow may not ask GitHub for an identity token.',
    hint: `Add these lines to the job (or to the top of the workflow):\n\n${WORKFLOW_LINES}\n`,
  },
  BCN_ATTEST_NO_TOKEN: {
    exit: ExitCode.usage,
    message: ({ reason }: { reason: string }) => `There is no identity to sign with: ${reason}.`,
    hint: 'Keyless signing runs in CI: GitHub Actions (id-token: write), GitLab (id_tokens: SIGSTORE_ID_TOKEN) or Buildkite. Elsewhere sign with `--key`.',
  },
  BCN_ATTEST_SERVICE: {
    exit: ExitCode.environment,
    message: ({ service, url, reason }: { service: string; url: string; reason: string }) =>
      `${service} at ${url} did not do its part: ${reason}.`,
    hint: 'Check the address and the network, then sign again; nothing was written.',
  },
  BCN_ATTEST_SERVICE_URL: {
    exit: ExitCode.usage,
    message: ({ flag, value }: { flag: string; value: string }) => `${flag} ${value} is not an http(s) URL.`,
    hint: 'Give the base address of the service, e.g. https://rekor.example.com.',
  },
  BCN_SBOM_INVALID: {
    exit: ExitCode.bug,
    message: ({ version, reason }: { version: string; reason: string }) =>
      `The SBOM does not fit the schema of CycloneDX ${version}: ${reason}.`,
    hint: 'This is a fault of barbacane; please report it with the artifact.',
  },
  BCN_PROOF_NO_INPUT: {
    exit: ExitCode.usage,
    message: ({ path }: { path: string; closest: string | undefined }) =>
      `${path} is not an input of this artifact.`,
    hint: ({ closest }: { path: string; closest: string | undefined }) =>
      closest === undefined
        ? 'Give the path relative to the project root, as in the manifest.'
        : `Did you mean ${closest}?`,
  },
  BCN_PROOF_MALFORMED: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) => `${path} is not a proof: ${reason}.`,
    hint: 'A proof is the JSON that `barbacane prove ARTIFACT PATH` writes.',
  },
  BCN_PROOF_INVALID: {
    exit: ExitCode.notVerified,
    message: ({ leaf, artifactHash }: { leaf: string; artifactHash: string }) =>
      `The proof does not lead from ${JSON.stringify(leaf)} to ${artifactHash}.`,
    hint: 'Do not believe this proof. Ask for a new one: `barbacane prove ARTIFACT PATH`.',
  },
  BCN_PROOF_OTHER_HASH: {
    exit: ExitCode.notVerified,
    message: ({ found, expected }: { found: string; expected: string }) =>
      `The proof is about the fingerprint ${found}, not ${expected}.`,
    hint: 'The input is in another build. Ask for a proof from the artifact that runs.',
  },
  BCN_PROOF_OTHER_INPUT: {
    exit: ExitCode.notVerified,
    message: ({ path, reason }: { path: string; reason: string }) =>
      `${path} is not the input that the proof is about: ${reason}.`,
    hint: 'Compare the file with the commit that the artifact was compiled from.',
  },
})
