import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

import { isNotFound, isObject, systemReason } from '../../domain/index.ts'
import { ociProblems as problems } from '../problems.ts'
import { askCredentialHelper } from './credential-helper.ts'
import type { ImageReference } from './reference.ts'
import type { RegistryHost } from './registry-host.ts'

export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** A refresh token for the token endpoint (`identitytoken`, or a helper's user `<token>`). */
  | { readonly kind: 'identity'; readonly token: string }
  /** A token that is sent to the registry as it is. */
  | { readonly kind: 'bearer'; readonly token: string }

type Config = Record<string, unknown>
type Names = Pick<ImageReference, 'registry' | 'repository'>

/**
 * Finds the credentials for a repository as Docker and Podman do: the file that REGISTRY_AUTH_FILE names, else
 * `config.json` in DOCKER_CONFIG, else `containers/auth.json` and `~/.docker/config.json`; in each `credHelpers`,
 * then `credsStore`, then `auths`, the most specific name first.
 *
 * @throws {ProblemError} BCN_OCI_CREDENTIALS, whose text never holds a secret.
 */
export async function findCredentials(names: Names, host: RegistryHost): Promise<Credentials | undefined> {
  for (const { path, isRequired } of configPaths(host)) {
    const config = await readConfig(path, isRequired)
    const found = config && ((await fromHelper(config, names, host)) ?? fromAuths(config, names, path))
    if (found !== undefined) return found
  }
  return undefined
}

function configPaths({ env, cwd }: RegistryHost) {
  const { REGISTRY_AUTH_FILE: file, DOCKER_CONFIG: folder, XDG_RUNTIME_DIR: runtime } = env
  if (file) return [{ path: resolve(cwd, file), isRequired: true }]
  if (folder) return [{ path: resolve(cwd, folder, 'config.json'), isRequired: false }]
  const home = env['HOME'] ?? homedir()
  const configHome = env['XDG_CONFIG_HOME'] ?? join(home, '.config')
  const folders = [...(runtime ? [join(runtime, 'containers')] : []), join(configHome, 'containers')]
  const podman = folders.map((path) => join(path, 'auth.json'))
  return [...podman, join(home, '.docker', 'config.json')].map((path) => ({ path, isRequired: false }))
}

async function readConfig(path: string, isRequired: boolean): Promise<Config | undefined> {
  try {
    const config: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (isObject(config)) return config
  } catch (error) {
    if (isNotFound(error) && !isRequired) return undefined
    // A syntax error quotes the text around it, which may be a secret.
    const reason = error instanceof SyntaxError ? 'it is not JSON' : systemReason(error)
    throw problems.BCN_OCI_CREDENTIALS({ place: path, reason })
  }
  throw problems.BCN_OCI_CREDENTIALS({ place: path, reason: 'it is not a JSON object' })
}

async function fromHelper(
  { credHelpers, credsStore }: Config,
  names: Names,
  host: RegistryHost,
): Promise<Credentials | undefined> {
  const keys = keysOf(names)
  const specific = isObject(credHelpers)
    ? keys.find((key) => typeof credHelpers[key] === 'string')
    : undefined
  const helper = specific === undefined ? credsStore : (credHelpers as Config)[specific]
  if (typeof helper !== 'string' || helper === '') return undefined
  const server = specific ?? (names.registry === 'docker.io' ? DOCKER_HUB : names.registry)
  const answer = await askCredentialHelper(helper, server, host)
  if (answer === undefined) return undefined
  return answer.username === '<token>'
    ? { kind: 'identity', token: answer.secret }
    : { kind: 'password', username: answer.username, password: answer.secret }
}

function fromAuths({ auths }: Config, names: Names, path: string): Credentials | undefined {
  if (!isObject(auths)) return undefined
  const byName = new Map(Object.entries(auths).map(([key, entry]) => [bareName(key), entry]))
  const entry = keysOf(names)
    .map((key) => byName.get(bareName(key)))
    .find(isObject)
  return entry === undefined ? undefined : parseEntry(entry, path)
}

function parseEntry(entry: Config, path: string): Credentials | undefined {
  const { auth, identitytoken, registrytoken, username, password } = entry
  if (isFilled(registrytoken)) return { kind: 'bearer', token: registrytoken }
  if (isFilled(identitytoken)) return { kind: 'identity', token: identitytoken }
  if (isFilled(username) && typeof password === 'string') return { kind: 'password', username, password }
  if (!isFilled(auth)) return undefined
  const decoded = Buffer.from(auth, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  if (colon < 1)
    throw problems.BCN_OCI_CREDENTIALS({ place: path, reason: 'an auth is not USER:PASSWORD in base64' })
  const secret = decoded.slice(colon + 1).replace(/\0+$/, '')
  return { kind: 'password', username: decoded.slice(0, colon), password: secret }
}

const DOCKER_HUB = 'https://index.docker.io/v1/'

/** The names under which credentials may be kept, the most specific first. */
function keysOf({ registry, repository }: Names): readonly string[] {
  const parts = repository.split('/')
  const namespaces = parts.map((_, index) => `${registry}/${parts.slice(0, parts.length - index).join('/')}`)
  const aliases = registry === 'docker.io' ? [DOCKER_HUB, 'index.docker.io', 'registry-1.docker.io'] : []
  return [...namespaces, registry, ...aliases, `https://${registry}`]
}

/** Docker wrote keys as URLs with a version path; newer files have bare names. */
function bareName(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/v[12]\/?$|\/$/, '')
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
