import { decodeArtifact, type Artifact } from '../../artifact/index.ts'
import type { Digest, Problem } from '../../domain/index.ts'
import type { VerificationPolicy } from '../policy/policy.ts'
import { parseStatement } from '../statement/parse-statement.ts'
import { verifyProblems as problems } from '../verify-problems.ts'
import { completeChain, isVerdict, openChain, type Chain, type ChainLink } from './chain.ts'
import { checkGit, type ReadGitTree, type ReadPins } from './check-git.ts'
import { checkRebuild, type Rebuild } from './check-rebuild.ts'
import { checkSbom } from './check-sbom.ts'
import { checkBuild, checkOrigin, checkSubject } from './check-statement.ts'
import { parseBundle } from './parse-bundle.ts'
import { describeOrigin, describeSigner } from './describe-signer.ts'
import type { VerificationTarget } from './target.ts'
import { verifySignature, type VerifiedSigner } from './verify-signature.ts'

const MAX_BUNDLES = 64

/** What else is compared than what the files themselves hold. */
export interface VerificationMeans {
  /** Given where inputs are to be compared with git; a policy that requires it cannot do without. */
  readonly readGitTree?: ReadGitTree | undefined
  /** Without it no plugin may have been fetched. */
  readonly readPins?: ReadPins | undefined
  readonly rebuild?: Rebuild | undefined
}

export interface VerificationReport {
  readonly verified: boolean
  readonly target: { readonly kind: VerificationTarget['kind']; readonly name: string }
  readonly artifact_hash: Digest | null
  readonly artifact_digest: Digest | null
  /** Of the manifest of the image that the artifact was found in. */
  readonly image_digest: Digest | null
  readonly commit: string | null
  readonly signer: VerifiedSigner | null
  readonly chain: readonly ChainLink[]
  /** Why it is not verified. */
  readonly problem?: Problem
}

/**
 * Follows the chain from a file to its commit: artifact, signature, signer, statement, subject, inputs, origin, SBOM,
 * and where asked for git and a rebuild. Stops at the first link that does not hold. Of several bundles one has to
 * hold wholly; where none does, the report is about the one that led furthest. Offline.
 *
 * @throws {ProblemError} only for what prevents an answer (exit 2 and 7), e.g. an unusable trusted root.
 */
export async function verifyTarget(
  target: VerificationTarget,
  policy: VerificationPolicy,
  means: VerificationMeans = {},
): Promise<VerificationReport> {
  const chain = openChain()
  let artifact: Artifact | undefined
  let attempt: Attempt | undefined
  try {
    artifact = await chain.link('artifact', () => openArtifact(target.artifactBytes))
    attempt = await verifyBundles(target, { artifact, policy, begun: chain })
    if (attempt.problem === undefined) await checkSource(attempt.chain, { artifact, policy, means })
    return reportOf(target, { artifact, attempt, chain: attempt.chain, problem: attempt.problem })
  } catch (error) {
    if (!isVerdict(error)) throw error
    return reportOf(target, { artifact, attempt, chain: attempt?.chain ?? chain, problem: error.problem })
  }
}

/**
 * The report about a target whose artifact was not reached, because something on the way to it does not hold: a blob, a
 * label, a manifest.
 *
 * @throws the error itself where it is no such verdict.
 */
export function refuseTarget(target: ReportedTarget, error: unknown): VerificationReport {
  if (!isVerdict(error)) throw error
  const { code, message } = error.problem
  const chain = openChain([{ name: 'artifact', status: 'failed', outcome: message, code }])
  return reportOf(target, { artifact: undefined, attempt: undefined, chain, problem: error.problem })
}

function openArtifact(bytes: Uint8Array) {
  const value = decodeArtifact(bytes)
  const { inputs } = value.manifest
  return {
    value,
    outcome: `${value.digest}: every entry and all ${inputs.length} inputs give ${value.manifest.artifact_hash}`,
  }
}

interface Attempt {
  readonly chain: Chain
  readonly signer?: VerifiedSigner
  readonly problem?: Problem
}

interface BundleContext {
  readonly artifact: Artifact
  readonly policy: VerificationPolicy
  readonly begun: Chain
}

async function verifyBundles(target: VerificationTarget, context: BundleContext): Promise<Attempt> {
  const { bundles, name } = target
  if (bundles.length === 0 || bundles.length > MAX_BUNDLES) {
    return context.begun.link('signature', () => {
      if (bundles.length === 0) throw problems.BCN_VERIFY_SIGNATURE_MISSING({ target: name })
      throw problems.BCN_VERIFY_BUNDLE({ reason: `there are ${bundles.length}, more than ${MAX_BUNDLES}` })
    })
  }
  let furthest: Attempt | undefined
  for (const bytes of bundles) {
    const attempt = await verifyBundle(target, bytes, context)
    if (attempt.problem === undefined) return attempt
    if (furthest === undefined || attempt.chain.links.length > furthest.chain.links.length) furthest = attempt
  }
  return furthest as Attempt
}

async function verifyBundle(
  target: VerificationTarget,
  bytes: Uint8Array,
  { artifact, policy, begun }: BundleContext,
): Promise<Attempt> {
  const chain = openChain(begun.links)
  try {
    const { signed, signer } = await chain.link('signature', async () => {
      const signed = await parseBundle(bytes)
      const signer = await verifySignature(signed, policy)
      const evidence = `${signed.logEntryCount} log entries, ${signed.timestampCount} time stamps`
      return {
        value: { signed, signer },
        outcome: `DSSE signature over ${signed.payload.byteLength} bytes, ${evidence}`,
      }
    })
    await chain.link('signer', () => ({ value: undefined, outcome: describeSigner(signer) }))
    const statement = await chain.link('statement', () => {
      const value = parseStatement(signed.payload)
      return {
        value,
        outcome: `${value._type}, ${value.predicateType}, ${value.predicate.buildDefinition.buildType}`,
      }
    })
    await chain.link('subject', () => {
      const outcome = checkSubject(statement, artifact, target.imageDigest)
      return { value: undefined, outcome }
    })
    await chain.link('inputs', () => {
      checkBuild(statement, artifact)
      const count = artifact.manifest.inputs.length
      return {
        value: undefined,
        outcome: `all ${count} inputs, the options and the compiler are those of the statement`,
      }
    })
    await chain.link('origin', () => {
      checkOrigin(statement, artifact, signer)
      return { value: undefined, ...describeOrigin(artifact.manifest.provenance, signer) }
    })
    const sboms = [target.sbom ?? [], target.otherSboms ?? []].flat()
    await chain.link('sbom', () => checkSbom({ statement, artifact, sboms, isRequired: policy.requireSbom }))
    return { chain, signer }
  } catch (error) {
    if (!isVerdict(error)) throw error
    return { chain, problem: error.problem }
  }
}

interface SourceContext {
  readonly artifact: Artifact
  readonly policy: VerificationPolicy
  readonly means: VerificationMeans
}

async function checkSource(chain: Chain, { artifact, policy, means }: SourceContext): Promise<void> {
  const { readGitTree, readPins, rebuild } = means
  await chain.link('git', async () => {
    if (readGitTree !== undefined)
      return { value: undefined, outcome: await checkGit(artifact, readGitTree, readPins) }
    if (policy.requireGit) {
      throw problems.BCN_VERIFY_GIT_COMMIT({
        reason: 'the policy requires it, and there is no repository here',
      })
    }
    return { value: undefined, outcome: 'not asked for (--git)', skipped: true }
  })
  await chain.link('rebuild', async () => {
    if (rebuild === undefined)
      return { value: undefined, outcome: 'not asked for (--rebuild)', skipped: true }
    return { value: undefined, outcome: await checkRebuild(artifact, rebuild) }
  })
}

type ReportedTarget = Pick<VerificationTarget, 'kind' | 'name' | 'imageDigest'>

interface Findings {
  readonly artifact: Artifact | undefined
  readonly attempt: Attempt | undefined
  readonly chain: Chain
  readonly problem: Problem | undefined
}

function reportOf({ kind, name, imageDigest }: ReportedTarget, found: Findings): VerificationReport {
  const { artifact, attempt, chain, problem } = found
  return {
    verified: problem === undefined,
    target: { kind, name },
    artifact_hash: artifact?.manifest.artifact_hash ?? null,
    artifact_digest: artifact?.digest ?? null,
    image_digest: imageDigest ?? null,
    commit: artifact?.manifest.provenance.commit ?? null,
    signer: attempt?.signer ?? null,
    chain: completeChain(chain.links),
    ...(problem === undefined ? {} : { problem }),
  }
}
