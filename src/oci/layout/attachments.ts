import type { Artifact } from '../../artifact/index.ts'
import { isDigest, isObject, type Digest } from '../../domain/index.ts'
import { parseJsonObject } from '../content/parse-json.ts'
import { mediaTypes } from '../content/media-types.ts'
import { ociProblems as problems } from '../problems.ts'
import type { Attachment } from './referrer-manifest.ts'

/** A file to attach; the path stands in messages. */
export interface AttachedFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** What a sigstore bundle says it is about. The signature is not checked here: that is `verify`. */
export interface BundleStatement {
  readonly predicateType: string
  readonly subjects: readonly Digest[]
}

/**
 * Prepares a signature bundle for attaching; it must be about the artifact or the image.
 *
 * @throws {ProblemError} BCN_OCI_ATTACHMENT
 */
export function bundleAttachment(file: AttachedFile, about: readonly Digest[], created: string): Attachment {
  const statement = readBundleStatement(file.bytes)
  if (typeof statement === 'string') throw problems.BCN_OCI_ATTACHMENT({ path: file.path, reason: statement })
  if (!statement.subjects.some((subject) => about.includes(subject))) {
    const reason = `it is about ${statement.subjects.join(', ') || 'nothing'}, not about ${about.join(' or ')}`
    throw problems.BCN_OCI_ATTACHMENT({ path: file.path, reason })
  }
  const annotations = {
    'org.opencontainers.image.created': created,
    'dev.sigstore.bundle.content': 'dsse-envelope',
    'dev.sigstore.bundle.predicateType': statement.predicateType,
  }
  return { artifactType: mediaTypes.bundle, bytes: file.bytes, annotations }
}

/**
 * Prepares a CycloneDX SBOM for attaching; its root component must name the artifact, by digest or fingerprint.
 *
 * @throws {ProblemError} BCN_OCI_ATTACHMENT
 */
export function sbomAttachment(file: AttachedFile, { digest, manifest }: Artifact): Attachment {
  const bom = parseJsonObject(file.bytes)
  if (typeof bom === 'string') throw problems.BCN_OCI_ATTACHMENT({ path: file.path, reason: bom })
  if (bom['bomFormat'] !== 'CycloneDX') {
    throw problems.BCN_OCI_ATTACHMENT({ path: file.path, reason: 'it is not a CycloneDX document' })
  }
  const root = JSON.stringify(isObject(bom['metadata']) ? bom['metadata']['component'] : undefined) ?? ''
  if (![digest, manifest.artifact_hash].some((name) => root.includes(name.slice('sha256:'.length)))) {
    const reason = `its root component is not the artifact ${digest}`
    throw problems.BCN_OCI_ATTACHMENT({ path: file.path, reason })
  }
  const annotations = { 'org.opencontainers.image.created': manifest.build_timestamp }
  return { artifactType: mediaTypes.sbom, bytes: file.bytes, annotations }
}

/** Reads the in-toto statement of a sigstore bundle v0.3, unverified; what is none gives the reason as text. */
export function readBundleStatement(bytes: Uint8Array): BundleStatement | string {
  const bundle = parseJsonObject(bytes)
  if (typeof bundle === 'string') return bundle
  const envelope = bundle['dsseEnvelope']
  if (bundle['mediaType'] !== mediaTypes.bundle || !isObject(envelope))
    return 'it is not a sigstore bundle v0.3'
  if (typeof envelope['payload'] !== 'string') return 'its envelope has no payload'
  const statement = parseJsonObject(Buffer.from(envelope['payload'], 'base64'))
  if (typeof statement === 'string') return `its statement cannot be read, ${statement}`
  const { predicateType, subject } = statement
  if (typeof predicateType !== 'string' || !Array.isArray(subject)) return 'it holds no in-toto statement'
  const subjects = subject.flatMap((entry: unknown): Digest[] => {
    const digest = isObject(entry) && isObject(entry['digest']) ? entry['digest']['sha256'] : undefined
    const name = `sha256:${String(digest)}`
    return isDigest(name) ? [name] : []
  })
  return { predicateType, subjects }
}
