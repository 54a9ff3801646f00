import type { Artifact } from '../../artifact/index.ts'
import { isObject } from '../../domain/index.ts'
import { verifyProblems as problems } from '../verify-problems.ts'
import { sbomProperty } from './sbom-request.ts'

/**
 * Checks that a CycloneDX document is about this artifact: its root has the artifact's SHA-256 and fingerprint, and the
 * components that name a path are exactly the inputs, with their kinds and SHA-256.
 *
 * @returns the number of components
 * @throws {ProblemError} BCN_VERIFY_SBOM_CONTENT
 */
export function checkSbomContent(bytes: Uint8Array, { manifest, digest }: Artifact): number {
  const bom = parse(bytes)
  const root = objectOf(objectOf(bom['metadata'])['component'])
  if (sha256Of(root) !== digest.slice('sha256:'.length)) throw mismatch('its root is another file')
  if (propertyOf(root, 'artifact_hash') !== manifest.artifact_hash)
    throw mismatch('its root has another fingerprint')
  const components = Array.isArray(bom['components']) ? bom['components'].map(objectOf) : []
  const described = components.flatMap((component) => {
    const path = propertyOf(component, 'path')
    return path === undefined
      ? []
      : [`${propertyOf(component, 'kind') ?? ''} ${sha256Of(component) ?? ''} ${path}`]
  })
  const inputs = manifest.inputs.map(({ kind, sha256, path }) => `${kind} ${sha256} ${path}`)
  const missing = inputs.find((line) => !described.includes(line))
  if (missing !== undefined) throw mismatch(`it does not list ${missing}`)
  const stray = described.find((line) => !inputs.includes(line))
  if (stray !== undefined) throw mismatch(`it lists ${stray}, which is no input`)
  if (described.length !== inputs.length) throw mismatch('it lists an input twice')
  return components.length
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw problems.BCN_VERIFY_SBOM_CONTENT({ reason: 'it is not JSON' }, { cause: error })
  }
  if (isObject(value) && value['bomFormat'] === 'CycloneDX') return value
  throw mismatch('it is no CycloneDX document')
}

function sha256Of(component: Record<string, unknown>): string | undefined {
  const hashes = Array.isArray(component['hashes']) ? component['hashes'].map(objectOf) : []
  const content = hashes.find(({ alg }) => alg === 'SHA-256')?.['content']
  return typeof content === 'string' ? content : undefined
}

function propertyOf(component: Record<string, unknown>, name: string): string | undefined {
  const properties = Array.isArray(component['properties']) ? component['properties'].map(objectOf) : []
  const value = properties.find((property) => property['name'] === sbomProperty(name))?.['value']
  return typeof value === 'string' ? value : undefined
}

function objectOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {}
}

function mismatch(reason: string) {
  return problems.BCN_VERIFY_SBOM_CONTENT({ reason })
}
