import type { FleetNode, Release } from '../../config/index.ts'
import type { Probe, ProvenanceAnswer } from '../probe/index.ts'
import { checkAttestation, type Distrust } from './check-attestation.ts'
import { provesInputs, type ProvenLists } from './check-inputs.ts'
import { compareWithPin } from './compare-with-pin.ts'
import { distinguishWorkers } from './distinguish-workers.ts'
import type { Claims, Judgement } from '../verdict.ts'

export interface Standard {
  /** What the environment of the node pins; undefined where nothing is released to it. */
  readonly pinned: Pick<Release, 'artifactHash' | 'artifactDigest'> | undefined
  /** How far the clock of a node may be off. */
  readonly maxSkewMs: number
  /** Believes no node whose key is not known. */
  readonly requireAttestation: boolean
  /** Filled while nodes are judged, so that what most of them list is proven once. */
  readonly provenLists: ProvenLists
}

/** The judgement of a node that is no longer trusted; it is not asked, so that no token is sent to it. */
export function judgeRevoked({ revoked }: FleetNode): Judgement {
  const reason = revoked?.reason === undefined ? '' : `: ${revoked.reason}`
  return {
    verdict: 'NotVerified',
    reason: 'revoked',
    message: `It was revoked${revoked?.at ? ` at ${revoked.at}` : ''}${reason}. It was not asked.`,
    attested: false,
    claims: null,
  }
}

/**
 * Judges a node by what came of asking it. Depends on nothing but its arguments: the clock is in the probe, and which
 * lists were proven before changes no judgement.
 * What cannot be believed is not compared; where a key is known, nothing is believed that it has not signed.
 */
export function judgeNode(node: FleetNode, { outcome, ...probe }: Probe, standard: Standard): Judgement {
  if (node.revoked !== undefined) return judgeRevoked(node)
  if ('failure' in outcome) {
    const { reason, detail } = outcome.failure
    return {
      verdict: 'Unreachable',
      reason,
      message: `Nothing was learnt: ${detail}.`,
      attested: false,
      claims: null,
    }
  }
  const { answer } = outcome
  const claims = claimsOf(answer)
  const attested = node.publicKeys.length > 0
  const distrust = attested
    ? distrustOfSigned(node, { answer, claims, probe, standard })
    : standard.requireAttestation
      ? {
          reason: 'key-unknown' as const,
          message: 'fleet.yaml has no key of it, so nothing that it says is proven.',
        }
      : undefined
  const mismatch = distrust ?? distrustOfInputs(answer, standard)
  if (mismatch !== undefined) return { verdict: 'NotVerified', ...mismatch, attested: false, claims }
  const compared = compareWithPin(claims, standard.pinned)
  return { ...(distinguishWorkers(answer, compared) ?? compared), attested, claims }
}

interface SignedAnswer {
  readonly answer: ProvenanceAnswer
  readonly claims: Claims
  readonly probe: Omit<Probe, 'outcome'>
  readonly standard: Standard
}

function distrustOfSigned(
  { name, publicKeys }: FleetNode,
  { answer, claims, probe, standard }: SignedAnswer,
): Distrust | undefined {
  const { nonce, sentAtMs, receivedAtMs } = probe
  const checked = checkAttestation(answer.attestation, {
    node: name,
    keys: publicKeys,
    nonce,
    sentAtMs,
    receivedAtMs,
    maxSkewMs: standard.maxSkewMs,
  })
  if ('distrust' in checked) return checked.distrust
  const signed: Claims = checked.statement
  const member = (Object.keys(claims) as (keyof Claims)[]).find((key) => signed[key] !== claims[key])
  if (member === undefined) return undefined
  const message = `It says ${member} ${claims[member]}, and has signed ${signed[member]}: the answer was changed, or it lies.`
  return { reason: 'statement-mismatch', message }
}

function distrustOfInputs(
  { inputs, artifactHash }: ProvenanceAnswer,
  { provenLists }: Standard,
): Distrust | undefined {
  if (provesInputs(inputs, artifactHash, provenLists)) return undefined
  return { reason: 'inputs-mismatch', message: `The inputs that it lists do not give ${artifactHash}.` }
}

function claimsOf(answer: ProvenanceAnswer): Claims {
  return {
    artifact_hash: answer.artifactHash,
    artifact_digest: answer.artifactDigest,
    on_disk_digest: answer.onDiskDigest,
    commit: answer.commit,
    dirty: answer.dirty,
    version: answer.version,
    started_at: answer.startedAt,
    loaded_at: answer.loadedAt,
  }
}
