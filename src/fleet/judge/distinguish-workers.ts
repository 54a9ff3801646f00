import type { ProvenanceAnswer } from '../probe/index.ts'
import type { Comparison } from './compare-with-pin.ts'

/**
 * What is found where the workers of a node do not serve the same. What they say is not signed, so it can make a
 * judgement worse, and tell one kind of drift from another; never better.
 */
export function distinguishWorkers(
  { workerDigests, artifactDigest }: ProvenanceAnswer,
  { verdict }: Comparison,
): Comparison | undefined {
  const served = new Set([artifactDigest, ...workerDigests])
  if (served.size === 1 || (verdict !== 'InSync' && verdict !== 'ConfigurationDrift')) return undefined
  const message = `Its workers serve ${served.size} artifacts at once: it is being reloaded, or a worker did not follow.`
  return { verdict: 'ConfigurationDrift', reason: 'workers-differ', message }
}
