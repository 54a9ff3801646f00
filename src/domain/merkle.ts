import { hash } from 'node:crypto'

import { digestOf, type Digest } from './digest.ts'
import { compareInputs, formatLeaf, type Input } from './input.ts'

const [LEAF, NODE] = [Uint8Array.of(0), Uint8Array.of(1)] as const
const EMPTY_ROOT = sha256(Buffer.alloc(0))

/** The leaf hash of RFC 6962 §2.1: SHA-256(0x00 ‖ data). */
export function leafHash(data: Uint8Array | string): Buffer {
  return sha256(Buffer.concat([LEAF, typeof data === 'string' ? Buffer.from(data) : data]))
}

/** The interior node hash of RFC 6962 §2.1: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.concat([NODE, left, right]))
}

/** The Merkle tree hash of RFC 6962 §2.1 over leaf hashes, split at the largest power of two below their count. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length <= 1) return leaves[0] ?? EMPTY_ROOT
  const split = largestPowerOfTwoBelow(leaves.length)
  return nodeHash(merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split)))
}

/** The largest power of two that is smaller than n (n > 1), the `k` of RFC 6962 §2.1. */
export function largestPowerOfTwoBelow(n: number): number {
  return 2 ** Math.floor(Math.log2(n - 1))
}

/** Binds a root to its number of leaves: SHA-256(0x02 ‖ "barbacane.inputs.v1\n" ‖ uint64be(n) ‖ root). */
export function bindRoot(leafCount: number, root: Uint8Array): Digest {
  const count = Buffer.alloc(8)
  count.writeBigUInt64BE(BigInt(leafCount))
  return digestOf(Buffer.concat([Uint8Array.of(2), Buffer.from('barbacane.inputs.v1\n'), count, root]))
}

/**
 * The `artifact_hash` of a set of inputs (DESIGN §5.3): the order in which they are given does not matter.
 *
 * @throws {RangeError} when two inputs have the same path.
 */
export function fingerprint(inputs: readonly Input[]): Digest {
  const ordered = inputs.toSorted(compareInputs)
  for (const [index, input] of ordered.entries()) {
    if (ordered[index + 1]?.path === input.path)
      throw new RangeError(`Two inputs have the path ${input.path}`)
  }
  return bindRoot(ordered.length, merkleRoot(ordered.map((input) => leafHash(formatLeaf(input)))))
}

/** In one call: a stream that is made for 65 bytes takes longer than hashing them. */
function sha256(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer')
}
