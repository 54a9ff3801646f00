import {
  ARTIFACT_VERSION,
  canonicalJson,
  decode,
  DecodeError,
  inputKinds,
  isObject,
  type Digest,
  type JsonValue,
  type Manifest,
} from '../domain/index.ts'
import { artifactProblems as problems } from './problems.ts'

const { count, flag, list, matching, nullable, object, oneOf, record, text } = decode

const hex64 = matching(/^[0-9a-f]{64}$/, '64 lower-case hex digits')
const hex40 = matching(/^[0-9a-f]{40}$/, '40 lower-case hex digits')

const manifest = object({
  barbacane_artifact_version: count,
  artifact_hash: matching<Digest>(/^sha256:[0-9a-f]{64}$/, 'a sha256 digest'),
  build_timestamp: matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'a UTC time with whole seconds'),
  compiler: object({ name: text, version: text }),
  provenance: object({ commit: nullable(text), source: nullable(text), dirty: nullable(flag) }),
  inputs: list(object({ kind: oneOf(inputKinds), path: text, size: count, sha256: hex64, git_blob: hex40 })),
  source_specs: list(
    object({ path: text, type: oneOf(['openapi', 'asyncapi']), version: text, title: text, sha256: hex64 }),
  ),
  plugins: list(
    object({
      name: text,
      version: nullable(text),
      type: nullable(oneOf(['middleware', 'dispatcher'])),
      path: text,
      sha256: hex64,
      license: nullable(text),
      capabilities: list(text),
    }),
  ),
  routes_count: count,
  entries: record(hex64),
})

/**
 * Reads `manifest.json`: UTF-8, canonical JSON (RFC 8785), a known format version, and exactly the members of that
 * version.
 *
 * @throws {ProblemError} BCN_ARTIFACT_MANIFEST, BCN_ARTIFACT_VERSION
 */
export function parseManifest(bytes: Uint8Array): Manifest {
  const value = parseCanonical(bytes)
  const version = isObject(value) ? value['barbacane_artifact_version'] : undefined
  if (version !== ARTIFACT_VERSION && typeof version === 'number') {
    throw problems.BCN_ARTIFACT_VERSION({ found: String(version), supported: ARTIFACT_VERSION })
  }
  try {
    return manifest(value, '')
  } catch (error) {
    if (error instanceof DecodeError)
      throw problems.BCN_ARTIFACT_MANIFEST({ reason: error.message }, { cause: error })
    throw error
  }
}

function parseCanonical(bytes: Uint8Array): JsonValue {
  let source: string
  let value: JsonValue
  let canonical: string
  try {
    source = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    value = JSON.parse(source) as JsonValue
    canonical = canonicalJson(value)
  } catch (error) {
    throw problems.BCN_ARTIFACT_MANIFEST({ reason: 'it is not JSON' }, { cause: error })
  }
  if (canonical !== source)
    throw problems.BCN_ARTIFACT_MANIFEST({ reason: 'it is not in canonical form (RFC 8785)' })
  return value
}
