import { isDigest, isObject, type Digest, type JsonObject } from '../../domain/index.ts'
import { ociProblems as problems } from '../problems.ts'
import { isTextRecord } from './descriptor.ts'
import { parseJsonObject } from './parse-json.ts'

/** An image configuration (OCI image specification v1.1, config.md), with all members kept for appending to it. */
export interface ImageConfig {
  readonly raw: JsonObject
  readonly os: string
  readonly architecture: string
  readonly variant?: string
  readonly diffIds: readonly Digest[]
  readonly labels: Readonly<Record<string, string>>
}

/**
 * Reads an image configuration.
 *
 * @throws {ProblemError} BCN_OCI_CONFIG_MALFORMED
 */
export function parseConfig(bytes: Uint8Array, digest: Digest): ImageConfig {
  const raw = parseJsonObject(bytes)
  if (typeof raw === 'string') throw malformed(digest, raw)
  const { os, architecture, variant, rootfs, config } = raw
  if (typeof os !== 'string' || typeof architecture !== 'string') {
    throw malformed(digest, 'it names no os and architecture')
  }
  if (variant !== undefined && typeof variant !== 'string') throw malformed(digest, 'its variant is not text')
  const diffIds = isObject(rootfs) ? rootfs['diff_ids'] : undefined
  if (!Array.isArray(diffIds) || !diffIds.every(isDigest)) throw malformed(digest, 'it has no diff_ids')
  const labels = isObject(config) ? (config['Labels'] ?? {}) : {}
  if (!isTextRecord(labels)) throw malformed(digest, 'its labels are not texts')
  const platform = variant === undefined ? { os, architecture } : { os, architecture, variant }
  return { raw: raw as JsonObject, ...platform, diffIds, labels }
}

function malformed(digest: Digest, reason: string) {
  return problems.BCN_OCI_CONFIG_MALFORMED({ digest, reason })
}
