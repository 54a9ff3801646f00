import type { Release } from '../../src/config/index.ts'
import type { Digest } from '../../src/domain/index.ts'

/** A release whose digests consist of one hex digit, or are those given. */
export function sampleRelease(digit: string, change: Partial<Release> = {}): Release {
  const digest: Digest = `sha256:${digit.repeat(64)}`
  return {
    artifactHash: digest,
    artifactDigest: digest,
    image: null,
    commit: null,
    identity: null,
    releasedBy: 'A. Author <author@example.com>',
    releasedAt: '2026-01-02T03:04:05Z',
    reason: null,
    ...change,
  }
}
