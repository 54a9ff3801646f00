import type { Artifact } from '../../artifact/index.ts'
import {
  bindRoot,
  closestName,
  decode,
  DecodeError,
  formatLeaf,
  leafHash,
  sha256Hex,
  type Digest,
} from '../../domain/index.ts'
import { attestProblems as problems } from '../problems.ts'
import { inclusionProof, rootOfProof } from './inclusion-proof.ts'

const { count, list, matching, object } = decode

/** A proof that one input is in a fingerprint, checkable without the other inputs. */
export interface ProofFile {
  readonly artifact_hash: Digest
  /** The number of inputs. */
  readonly n: number
  /** The place of the input in the order of the paths, from 0. */
  readonly index: number
  /** The leaf line of DESIGN §5.3 with its line feed. */
  readonly leaf: string
  /** Lower-case hex, from the leaf to the root. */
  readonly proof: readonly string[]
}

const MAX_PROOF_HASHES = 64

/**
 * Proves that a path is an input of the artifact.
 *
 * @throws {ProblemError} BCN_PROOF_NO_INPUT
 */
export function proveInput({ manifest }: Artifact, path: string): ProofFile {
  const { inputs, artifact_hash } = manifest
  const index = inputs.findIndex((input) => input.path === path)
  const input = inputs[index]
  if (input === undefined) {
    const closest = closestName(
      path,
      inputs.map((each) => each.path),
    )
    throw problems.BCN_PROOF_NO_INPUT({ path, closest })
  }
  const leaves = inputs.map((each) => leafHash(formatLeaf(each)))
  const proof = inclusionProof(leaves, index).map((hash) => Buffer.from(hash).toString('hex'))
  return { artifact_hash, n: inputs.length, index, leaf: formatLeaf(input), proof }
}

const proofFile = object({
  artifact_hash: matching<Digest>(/^sha256:[0-9a-f]{64}$/, 'a sha256 digest'),
  n: count,
  index: count,
  leaf: matching(
    /^(config|option|plugin|policy|schema|spec) (0|[1-9][0-9]*) [0-9a-f]{64} [^\n]+\n$/,
    'a line of kind, size, SHA-256 and path',
  ),
  proof: list(matching(/^[0-9a-f]{64}$/, '64 lower-case hex digits')),
})

/**
 * Reads a proof.
 *
 * @throws {ProblemError} BCN_PROOF_MALFORMED
 */
export function parseProof(path: string, text: string): ProofFile {
  try {
    const proof = proofFile(JSON.parse(text), '')
    if (proof.proof.length <= MAX_PROOF_HASHES) return proof
  } catch (error) {
    if (!(error instanceof DecodeError) && !(error instanceof SyntaxError)) throw error
    throw problems.BCN_PROOF_MALFORMED({ path, reason: error.message }, { cause: error })
  }
  throw problems.BCN_PROOF_MALFORMED({ path, reason: `it has more than ${MAX_PROOF_HASHES} hashes` })
}

/** What a proof is compared with besides itself. */
export interface ProofExpectation {
  /** The fingerprint that one trusts. */
  readonly artifactHash?: string | undefined
  /** The file that the proof should be about. */
  readonly input?: { readonly path: string; readonly bytes: Uint8Array } | undefined
}

/** What a proof has shown. */
export interface ProvenInput {
  readonly artifact_hash: Digest
  readonly kind: string
  readonly size: number
  readonly sha256: string
  readonly path: string
}

/**
 * Checks that the proof leads from its leaf to its fingerprint, that this is the fingerprint expected, and that the
 * file given is the input.
 *
 * @throws {ProblemError} BCN_PROOF_INVALID, BCN_PROOF_OTHER_HASH, BCN_PROOF_OTHER_INPUT
 */
export function verifyProof(file: ProofFile, { artifactHash, input }: ProofExpectation = {}): ProvenInput {
  const { artifact_hash: found, n: leafCount, index, leaf } = file
  const siblings = file.proof.map((hex) => Buffer.from(hex, 'hex'))
  const root = rootOfProof(leafHash(leaf), { index, leafCount }, siblings)
  if (root === undefined || bindRoot(leafCount, root) !== found) {
    throw problems.BCN_PROOF_INVALID({ leaf, artifactHash: found })
  }
  if (artifactHash !== undefined && artifactHash !== found) {
    throw problems.BCN_PROOF_OTHER_HASH({ found, expected: artifactHash })
  }
  const proven = readLeaf(leaf)
  if (input !== undefined) checkInput(proven, input)
  return { artifact_hash: found, ...proven }
}

function readLeaf(leaf: string): Omit<ProvenInput, 'artifact_hash'> {
  const [kind = '', size = '', sha256 = '', ...path] = leaf.slice(0, -1).split(' ')
  return { kind, size: Number(size), sha256, path: path.join(' ') }
}

function checkInput(
  proven: Omit<ProvenInput, 'artifact_hash'>,
  { path, bytes }: { readonly path: string; readonly bytes: Uint8Array },
): void {
  const other = (reason: string) => problems.BCN_PROOF_OTHER_INPUT({ path, reason })
  if (bytes.byteLength !== proven.size) {
    throw other(`it has ${bytes.byteLength} bytes, ${proven.path} has ${proven.size}`)
  }
  if (sha256Hex(bytes) !== proven.sha256) throw other(`its bytes are not those of ${proven.path}`)
}
