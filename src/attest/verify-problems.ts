import { catalogue, ExitCode } from '../domain/index.ts'

const DISTRUST = 'Do not use this artifact. Find out who changed it, and fetch or build it again.'

const notVerified = <P>(message: (parameters: P) => string, hint: string = DISTRUST) => ({
  exit: ExitCode.notVerified,
  message,
  hint,
})

interface Reason {
  readonly reason: string
}

interface Difference {
  readonly what: string
  readonly found: string
  readonly expected: string
}

const difference = ({ what, found, expected }: Difference) => `${what} is ${found}, not ${expected}`

/** Faults of verifying: exit 4 where something is not what it claims, exit 2 where the question is incomplete. */
export const verifyProblems = catalogue({
  BCN_VERIFY_NO_POLICY: {
    exit: ExitCode.usage,
    message: () => 'Nothing says whose signature to accept.',
    hint: 'Give `--key PUB`, or `--identity` with `--issuer`, or name a policy file as `verify.policy` in barbacane.yaml.',
  },
  BCN_VERIFY_SIGNATURE_UNCHECKED: {
    exit: ExitCode.usage,
    message: ({ flag }: { flag: string }) => `${flag} says what to accept, but no signature is checked.`,
    hint: 'Add `--require-signature`, or leave the flag out.',
  },
  BCN_VERIFY_POLICY: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) =>
      `The verification policy ${path} is not valid: ${reason}.`,
    hint: 'docs/how-to/sign-and-verify.md shows a policy; `version: 1` and `keys` or `identities` are needed.',
  },
  BCN_VERIFY_IDENTITY_FLAGS: {
    exit: ExitCode.usage,
    message: ({ reason }: Reason) => `The identity to accept is not complete: ${reason}.`,
    hint: 'Give `--issuer` and one of `--identity` (exact) and `--identity-regexp` (must match the whole identity).',
  },
  BCN_VERIFY_TRUSTED_ROOT: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) =>
      `The trusted root ${path} cannot be used: ${reason}.`,
    hint: 'Give the trusted_root.json of the Sigstore instance that the signer used.',
  },
  BCN_VERIFY_UNREADABLE: {
    exit: ExitCode.usage,
    message: ({ path, reason }: { path: string; reason: string }) => `Cannot read ${path}: ${reason}.`,
    hint: 'Check the path and its permissions.',
  },
  BCN_VERIFY_SIGNATURE_MISSING: notVerified(
    ({ target }: { target: string }) => `${target} has no signature.`,
    'Sign it with `barbacane sign`, or give the bundle with `--bundle FILE`.',
  ),
  BCN_VERIFY_BUNDLE: notVerified(
    ({ reason }: Reason) => `The signature bundle is not valid: ${reason}.`,
    'Fetch the bundle again, or sign again; the format is Sigstore bundle v0.3 with a DSSE envelope.',
  ),
  BCN_VERIFY_PAYLOAD_TYPE: notVerified(
    ({ found }: { found: string }) => `The signed payload is ${found}, not an in-toto statement.`,
  ),
  BCN_VERIFY_SIGNATURE_INVALID: notVerified(
    ({ reason }: Reason) => `The signature does not fit what was signed: ${reason}.`,
  ),
  BCN_VERIFY_KEY: notVerified(
    ({ found, expected }: { found: string; expected: string }) =>
      `It is signed with ${found}; accepted is ${expected}.`,
    'Check which key the publisher uses, and get its public half from a place that you trust.',
  ),
  BCN_VERIFY_IDENTITY: notVerified(
    ({ found, expected }: { found: string; expected: string }) =>
      `It is signed by ${found}; accepted is ${expected}.`,
    'If that identity should be accepted, add it to the policy by a reviewed commit.',
  ),
  BCN_VERIFY_CERTIFICATE: notVerified(
    ({ reason }: Reason) => `The signing certificate is not trusted: ${reason}.`,
    'If the signature comes from a private Sigstore instance, give its root with `--trusted-root FILE`.',
  ),
  BCN_VERIFY_TIMESTAMP: notVerified(
    ({ reason }: Reason) => `Nobody trusted says when it was signed: ${reason}.`,
    'If the signature comes from a private Sigstore instance, give its root with `--trusted-root FILE`.',
  ),
  BCN_VERIFY_LOG: notVerified(
    ({ reason }: Reason) => `The transparency log does not confirm the signature: ${reason}.`,
  ),
  BCN_VERIFY_STATEMENT: notVerified(({ reason }: Reason) => `The signed statement is not valid: ${reason}.`),
  BCN_VERIFY_STATEMENT_TYPE: notVerified(
    (difference: { member: string; found: string; expected: string }) =>
      `The signed statement is of another type: ${difference.member} is ${difference.found}, not ${difference.expected}.`,
    'The signature is about something else. Sign the artifact with `barbacane sign`.',
  ),
  BCN_VERIFY_WRONG_SUBJECT: notVerified(
    ({ found, expected }: { found: string; expected: string }) =>
      `The signature is about another artifact: ${found}; this one is ${expected}.`,
  ),
  BCN_VERIFY_ARTIFACT_HASH: notVerified(
    ({ found, expected }: { found: string; expected: string }) =>
      `The statement names the fingerprint ${found}; the artifact has ${expected}.`,
  ),
  BCN_VERIFY_IMAGE: notVerified(
    ({ found, expected }: { found: string; expected: string }) =>
      `The signature covers ${found}; the image is ${expected}.`,
    'Sign the image that was packaged last.',
  ),
  BCN_VERIFY_EXTERNAL_PARAMETER: notVerified(
    (parameters: Difference) =>
      `The statement does not fit how the artifact was compiled: ${difference(parameters)}.`,
  ),
  BCN_VERIFY_DEPENDENCY: notVerified(
    (parameters: Difference) =>
      `The statement does not fit the artifact's inputs: ${difference(parameters)}.`,
  ),
  BCN_VERIFY_BUILDER: notVerified(
    (parameters: Difference) => `The statement does not fit the builder: ${difference(parameters)}.`,
  ),
  BCN_VERIFY_CERTIFICATE_SOURCE: notVerified(
    (parameters: Difference) =>
      `The certificate contradicts where the artifact says it comes from: ${difference(parameters)}.`,
  ),
  BCN_VERIFY_SBOM_MISSING: notVerified(
    ({ reason }: Reason) => `An SBOM is required, but ${reason}.`,
    'Make it with `barbacane sbom`, and sign with `--sbom FILE`.',
  ),
  BCN_VERIFY_SBOM: notVerified(({ found, expected }: { found: string; expected: string }) => {
    return `The SBOM is not the signed one: it has ${found}, the statement names ${expected}.`
  }),
  BCN_VERIFY_SBOM_CONTENT: notVerified(
    ({ reason }: Reason) => `The SBOM does not describe this artifact: ${reason}.`,
    'Make it again with `barbacane sbom`.',
  ),
  BCN_VERIFY_GIT_COMMIT: notVerified(
    ({ reason }: Reason) => `The inputs cannot be compared with git: ${reason}.`,
    'Run it in a full clone of the repository that the artifact was compiled from (`git fetch --unshallow`).',
  ),
  BCN_VERIFY_GIT_DIFFERS: notVerified(
    ({
      differing,
      total,
      commit,
      first,
    }: {
      differing: number
      total: number
      commit: string
      first: string
    }) => `${differing} of ${total} inputs are not those of ${commit}: ${first}.`,
  ),
  BCN_VERIFY_REBUILD_DIFFERS: notVerified(
    ({ found, expected }: { found: string; expected: string }) =>
      `Compiling the commit again gives ${found}, not ${expected}.`,
  ),
  BCN_VERIFY_REBUILD_COMPILER: {
    exit: ExitCode.inconclusive,
    message: ({ found, expected }: { found: string; expected: string }) =>
      `The artifact was compiled by ${expected}; this is ${found}, whose output may differ.`,
    hint: 'Run the rebuild with the version that compiled it: `npx barbacane@VERSION verify … --rebuild`.',
  },
})
