import { NONCE_PATTERN } from '../../domain/index.ts'
import { createAllowance } from '../limits/index.ts'
import { jsonAnswer, withHeader, type Answer } from './answer.ts'
import { createDiskDigest } from './disk-digest.ts'
import { provenanceOf, type NodeFacts, type ProvenanceSource, type WorkerReport } from './provenance.ts'

export interface ProvenancePageOptions {
  /** What the node answers for. */
  readonly current: () => ProvenanceSource
  /** What the processes run that serve for it. */
  readonly workers: () => readonly WorkerReport[] | Promise<readonly WorkerReport[]>
  readonly node: NodeFacts
  readonly nowMs: () => number
  readonly monotonicMs: () => number
}

/** Signatures cost a tenth of a millisecond each; a fleet is asked a few times a minute. */
const SIGNATURES_PER_SECOND = 50

/** Answers `/_admin/provenance`, with a proof where the query has a nonce. */
export function createProvenancePage(options: ProvenancePageOptions): (query: string) => Promise<Answer> {
  const { current, node, nowMs } = options
  const diskDigest = createDiskDigest(options)
  const maySign = createAllowance(SIGNATURES_PER_SECOND, options.monotonicMs)
  return async (query) => {
    const [nonce, ...others] = new URLSearchParams(query).getAll('nonce')
    if (nonce !== undefined && (others.length > 0 || !NONCE_PATTERN.test(nonce))) {
      return jsonAnswer(400, { error: 'nonce is not one value of 22 to 128 characters of A-Z a-z 0-9 - _' })
    }
    if (nonce !== undefined && node.identity.key !== null && !maySign()) {
      return withHeader(jsonAnswer(429, { error: 'too many nonces in a second' }), 'retry-after', '1')
    }
    const workers = await options.workers()
    const source = current()
    const onDiskDigest = source.artifactPath === null ? null : await diskDigest(source.artifactPath)
    return jsonAnswer(200, provenanceOf(source, node, { nowMs: nowMs(), onDiskDigest, nonce, workers }))
  }
}
