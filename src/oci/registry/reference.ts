import { isDigest, type Digest } from '../../domain/index.ts'
import { ociProblems as problems } from '../problems.ts'

/** The name of an image or artifact in a registry. */
export interface ImageReference {
  /** Host and port as users write it; `docker.io` for Docker Hub. */
  readonly registry: string
  readonly repository: string
  readonly tag?: string
  readonly digest?: Digest
}

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?'
const REGISTRY = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]{1,5})?$`)
const NAME = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const REPOSITORY = new RegExp(`^${NAME}(?:/${NAME})*$`)
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

/**
 * Reads `HOST[:PORT]/REPOSITORY[:TAG][@sha256:DIGEST]` (names as in the OCI distribution specification v1.1, "Pulling
 * manifests"), also with `oci://` or `docker://` before it. As everywhere, a first part without dot, colon or
 * `localhost` belongs to the repository, and the registry is then Docker Hub.
 *
 * @throws {ProblemError} BCN_OCI_REFERENCE
 */
export function parseReference(text: string): ImageReference {
  const fail = (reason: string) => problems.BCN_OCI_REFERENCE({ reference: text, reason })
  const bare = text.replace(/^(?:oci|docker):\/\//, '')
  if (bare.includes('://')) throw fail('its scheme is not oci:// or docker://')
  if (bare.includes('@') && !isDigest(bare.slice(bare.indexOf('@') + 1))) {
    throw fail('what follows the @ is not sha256: and 64 lower-case hex digits')
  }
  const [named = '', digest] = bare.split('@')
  const { name, tag } = splitTag(named)
  if (tag !== undefined && !TAG.test(tag)) throw fail(`the tag ${JSON.stringify(tag)} is not valid`)
  const { registry, repository } = splitRegistry(name)
  if (!REGISTRY.test(registry)) throw fail(`the registry ${JSON.stringify(registry)} is not a host name`)
  if (!REPOSITORY.test(repository) || repository.length > 255) {
    throw fail(`the repository ${JSON.stringify(repository)} is not lower-case names with slashes between`)
  }
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(isDigest(digest) ? { digest } : {}),
  }
}

/** Writes a reference in full. */
export function formatReference({ registry, repository, tag, digest }: ImageReference): string {
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}

/** True where the text is a tag. */
export function isTag(text: string): boolean {
  return TAG.test(text)
}

/** The host and port that serve a registry's API. */
export function apiHost(registry: string): string {
  return registry === 'docker.io' ? 'registry-1.docker.io' : registry
}

function splitTag(named: string): { readonly name: string; readonly tag?: string } {
  const colon = named.lastIndexOf(':')
  if (colon === -1 || named.indexOf('/', colon) !== -1) return { name: named }
  return { name: named.slice(0, colon), tag: named.slice(colon + 1) }
}

function splitRegistry(name: string): { readonly registry: string; readonly repository: string } {
  const slash = name.indexOf('/')
  const first = name.slice(0, Math.max(slash, 0))
  if (first === '' || !(/[.:[]/.test(first) || first === 'localhost')) {
    return { registry: 'docker.io', repository: name.includes('/') ? name : `library/${name}` }
  }
  const registry = ['index.docker.io', 'registry-1.docker.io'].includes(first) ? 'docker.io' : first
  const rest = name.slice(slash + 1)
  return { registry, repository: registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest }
}
