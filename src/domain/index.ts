export { createAddressSet, parseAddress, plainAddress } from './address.ts'
export { applicatorOf, type Applicator } from './applicators.ts'
export { atMost, mapAtMost } from './at-most.ts'
export type { Builtin, BuiltinDispatcher, BuiltinMiddleware } from './builtin.ts'
export { builtinPage } from './builtin-page.ts'
export { builtins } from './builtins.ts'
export { canonicalJson, canonicalName, canonicalNames } from './canonical-json.ts'
export { closestName, didYouMean, misspeltName } from './closest-name.ts'
export * as decode from './decode.ts'
export type { ApiContract, RouteContract } from './contract.ts'
export { DecodeError, type Decoder } from './decode.ts'
export { digestOf, equalsConstantTime, gitBlobId, isDigest, sha256Hex, type Digest } from './digest.ts'
export { dsseEnvelope, preAuthEncoding, publicKeyId, type DsseEnvelope } from './dsse.ts'
export { needsExactEngine } from './exact-schemas.ts'
export { ExitCode, gravest } from './exit-code.ts'
export {
  compareFindings,
  isAtLeast,
  severities,
  type Finding,
  type Severity,
  type WordFix,
} from './finding.ts'
export { identifyFindings } from './finding-identity.ts'
export type { Host } from './host.ts'
export {
  compareInputs,
  comparePaths,
  describeInput,
  entryPathOf,
  formatLeaf,
  inputKinds,
  OPTIONS_PATH,
  REMOTE_PLUGINS_FOLDER,
  remotePluginPath,
  type Input,
  type InputKind,
} from './input.ts'
export { inputPathFault } from './input-path.ts'
export type { Inspection, RouteSummary } from './inspection.ts'
export { nounOf } from './noun-of.ts'
export { isObject, type JsonObject, type JsonPrimitive, type JsonValue } from './json.ts'
export { formatLocation, type Location } from './location.ts'
export { isPrivate, isPublicAddress, isServiceless } from './special-addresses.ts'
export { isLoopback } from './loopback.ts'
export {
  ARTIFACT_VERSION,
  type Manifest,
  type PluginDescriptor,
  type Provenance,
  type SourceSpec,
} from './manifest.ts'
export { bindRoot, fingerprint, largestPowerOfTwoBelow, leafHash, merkleRoot, nodeHash } from './merkle.ts'
export {
  PLAN_ENTRY,
  PLAN_VERSION,
  type BodyContent,
  type Bindings,
  type CompiledPlan,
  type GuardedPatterns,
  type JsonSchema,
  type Parameter,
  type ParameterLocation,
  type ParameterStyle,
  type PartEncoding,
  type PluginUse,
  type RequestBody,
  type MockExample,
  type ResponseContent,
  type ResponseDescription,
  type ResponseValidation,
  type Route,
} from './plan.ts'
export {
  NODE_ATTESTATION_TYPE,
  NODE_NAME_PATTERN,
  nodeAttestation,
  NONCE_PATTERN,
  type NodeAttestation,
} from './node-attestation.ts'
export { parseJson } from './parse-json.ts'
export { parsePlan } from './parse-plan.ts'
export type { FixtureReport, PluginInspection } from './plugin-report.ts'
export { appendPointer, formatPointer, lastToken, parsePointer, resolvePointer } from './pointer.ts'
export {
  catalogue,
  isProblemError,
  ProblemError,
  type Catalogue,
  type Problem,
  type ProblemCode,
  type ProblemContext,
  type ProblemDefinition,
} from './problem.ts'
export { isRemoteDocument, REMOTE_DOCUMENTS_FOLDER, remoteDocumentPath } from './remote-document.ts'
export type { SecurityAlternative, SecurityAlternatives } from './security.ts'
export { componentsOf } from './strongly-connected.ts'
export { schemaDialect } from './schema-dialect.ts'
export { ifFound, isNotFound, systemReason } from './system-reason.ts'
