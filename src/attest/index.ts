export { generateKey, keyHint, keyTypes, type KeyPairPem, type KeyType } from './keys/generate-key.ts'
export { loadPrivateKey, loadPublicKey } from './keys/load-key.ts'
export { readPassphrase } from './keys/read-passphrase.ts'
export { writeKeyPair, type KeyFiles } from './keys/write-key-pair.ts'
export {
  loadPolicy,
  readSmallFile,
  resolvePolicy,
  type PolicyFlags,
  type ReadPolicyFile,
} from './policy/load-policy.ts'
export type { TrustedIdentity, TrustedKey, TrustedRootSource, VerificationPolicy } from './policy/policy.ts'
export { attestProblems } from './problems.ts'
export {
  parseProof,
  proveInput,
  verifyProof,
  type ProofExpectation,
  type ProofFile,
  type ProvenInput,
} from './proof/proof-file.ts'
export { checkSbomContent } from './sbom/check-sbom-content.ts'
export { createSbom } from './sbom/create-sbom.ts'
export { readInstalledPackages } from './sbom/read-installed-packages.ts'
export {
  sbomVersions,
  type CompilerPackages,
  type InstalledPackage,
  type SbomRequest,
  type SbomVersion,
} from './sbom/sbom-request.ts'
export { signArtifact, type SigningMethod, type SigningRequest } from './sign/sign-artifact.ts'
export type { SigningServices, WitnessServices } from './sign/services.ts'
export { signWithKey } from './sign/sign-with-key.ts'
export { planStatement, type StatementRequest } from './statement/plan-statement.ts'
export { readOptions } from './statement/plan-build-definition.ts'
export type { Builder, Statement } from './statement/statement.ts'
export type { ChainLink, LinkName } from './verify/chain.ts'
export type { GitTreeEntry, ReadGitTree, ReadPins } from './verify/check-git.ts'
export type { Rebuild } from './verify/check-rebuild.ts'
export { describeSigner } from './verify/describe-signer.ts'
export {
  bundlePathOf,
  readFileEvidence,
  readFileTarget,
  sbomPathOf,
  type FileEvidencePaths,
} from './verify/read-file-target.ts'
export { requireSignature, type SignatureStatus } from './verify/require-signature.ts'
export type { VerificationTarget } from './verify/target.ts'
export {
  refuseTarget,
  verifyTarget,
  type VerificationMeans,
  type VerificationReport,
} from './verify/verify-target.ts'
export { verifyProblems } from './verify-problems.ts'
