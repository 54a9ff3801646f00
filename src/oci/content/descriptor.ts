import { digestOf, isDigest, isObject, type Digest } from '../../domain/index.ts'

export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
}

/** A content descriptor (OCI image specification v1.1, descriptor.md); members without meaning here are left out. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
  readonly artifactType?: string
  readonly platform?: Platform
  readonly annotations?: Readonly<Record<string, string>>
}

/** Describes bytes. */
export function describeBytes(
  mediaType: string,
  bytes: Uint8Array,
  annotations?: Readonly<Record<string, string>>,
): Descriptor {
  const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.byteLength }
  return annotations === undefined ? descriptor : { ...descriptor, annotations }
}

/** Reads a descriptor; what is not one gives the reason as text. Only SHA-256 digests are accepted. */
export function parseDescriptor(value: unknown): Descriptor | string {
  if (!isObject(value)) return 'a descriptor is not an object'
  const { mediaType, digest, size } = value
  if (typeof mediaType !== 'string' || mediaType === '') return 'a descriptor has no mediaType'
  if (!isDigest(digest)) return `the digest ${quoted(digest)} is not sha256: and 64 hex digits`
  if (!Number.isSafeInteger(size) || (size as number) < 0) return `the size ${quoted(size)} is not a size`
  const optional = parseOptional(value)
  return typeof optional === 'string' ? optional : { mediaType, digest, size: size as number, ...optional }
}

function parseOptional({ artifactType, platform, annotations }: Record<string, unknown>) {
  if (artifactType !== undefined && typeof artifactType !== 'string') return 'an artifactType is not text'
  if (annotations !== undefined && !isTextRecord(annotations)) return 'annotations are not texts'
  if (platform !== undefined && !isPlatform(platform)) return 'a platform has no os and architecture'
  return {
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(platform === undefined ? {} : { platform }),
    ...(annotations === undefined ? {} : { annotations }),
  }
}

/** True for an object whose values are all text. */
export function isTextRecord(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((member) => typeof member === 'string')
}

function isPlatform(value: unknown): value is Platform {
  if (!isObject(value)) return false
  const { os, architecture, variant } = value
  return (
    typeof os === 'string' &&
    typeof architecture === 'string' &&
    (variant === undefined || typeof variant === 'string')
  )
}

function quoted(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 100) ?? 'nothing'
}
