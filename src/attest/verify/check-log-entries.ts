import type { Bundle, TransparencyLogEntry } from '@sigstore/bundle'

import { verifyProblems as problems } from '../verify-problems.ts'

/**
 * Checks what the library leaves unread of log entries: a time needs the promise that signs it, and size and root hash
 * of an inclusion proof are those of the signed checkpoint (transparency-dev/formats, log: origin, size, root hash,
 * each on a line).
 *
 * @throws {ProblemError} BCN_VERIFY_LOG
 */
export function checkLogEntries({ verificationMaterial: { tlogEntries } }: Bundle): void {
  for (const entry of tlogEntries) {
    // A later Rekor promises nothing and says 0.
    if (entry.inclusionPromise === undefined && entry.integratedTime !== '0') {
      throw problems.BCN_VERIFY_LOG({ reason: 'an entry names a time that the log did not sign' })
    }
    if (!fitsCheckpoint(entry)) {
      throw problems.BCN_VERIFY_LOG({ reason: 'an inclusion proof does not fit its checkpoint' })
    }
  }
}

function fitsCheckpoint({ inclusionProof: proof }: TransparencyLogEntry): boolean {
  if (proof === undefined) return false
  const [, size, root] = (proof.checkpoint?.envelope ?? '').split('\n')
  return proof.treeSize === size && proof.rootHash.toString('base64') === root
}
