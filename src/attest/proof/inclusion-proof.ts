import { largestPowerOfTwoBelow, merkleRoot, nodeHash } from '../../domain/index.ts'

/**
 * The inclusion proof of a leaf (RFC 9162 §2.1.3.1): the hashes of the siblings from the leaf to the root.
 *
 * @param leaves - leaf hashes in order
 * @throws {RangeError} when there is no leaf of this index
 */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): readonly Uint8Array[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= leaves.length) {
    throw new RangeError(`There is no leaf ${index} of ${leaves.length}`)
  }
  if (leaves.length === 1) return []
  const split = largestPowerOfTwoBelow(leaves.length)
  return index < split
    ? [...inclusionProof(leaves.slice(0, split), index), merkleRoot(leaves.slice(split))]
    : [...inclusionProof(leaves.slice(split), index - split), merkleRoot(leaves.slice(0, split))]
}

/** The place of a leaf in a tree. */
export interface LeafPosition {
  readonly index: number
  /** The number of leaves of the tree. */
  readonly leafCount: number
}

/**
 * The root that an inclusion proof leads to (RFC 9162 §2.1.3.2), or undefined where the proof is too long, too short or
 * for a place that the tree does not have.
 */
export function rootOfProof(
  leaf: Uint8Array,
  { index, leafCount }: LeafPosition,
  proof: readonly Uint8Array[],
): Uint8Array | undefined {
  if (!Number.isSafeInteger(leafCount) || !Number.isSafeInteger(index) || index < 0) return undefined
  if (index >= leafCount) return undefined
  let position = BigInt(index)
  let last = BigInt(leafCount - 1)
  let hash = leaf
  for (const sibling of proof) {
    if (last === 0n) return undefined
    if (position % 2n === 1n || position === last) {
      hash = nodeHash(sibling, hash)
      // A node without a right sibling is carried up unchanged to the level where it gets one.
      while (position % 2n === 0n && position !== 0n) {
        position /= 2n
        last /= 2n
      }
    } else {
      hash = nodeHash(hash, sibling)
    }
    position /= 2n
    last /= 2n
  }
  return last === 0n ? hash : undefined
}
