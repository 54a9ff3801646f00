import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs'
import { isAbsolute, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

import { isObject, type JsonObject, type JsonValue } from '../domain/index.ts'
import { runtimeProblems as problems } from './problems.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Resolves secret references; what is missing is collected, so that one start names all of it. */
export interface SecretResolver {
  /** The configuration with `env://NAME` and `file:///path` replaced, at any depth. */
  readonly resolve: (config: JsonObject, user: string) => JsonObject
  /** @throws {ProblemError} BCN_SECRET_UNRESOLVED, never with a value */
  readonly finish: () => void
}

/** A secret is a key, a password or a bundle of certificates. */
const MAX_SECRET_BYTES = 1024 * 1024

/** @param folder what `file://` references may lead into, however they are written and whatever links are on the way */
export function createSecretResolver(env: Environment, folder: string): SecretResolver {
  const missing = new Map<string, string>()
  const known = new Map<string, string>()
  const lookUp = (reference: string, user: string): string => {
    const before = known.get(reference)
    if (before !== undefined) return before
    const found = reference.startsWith('env://')
      ? readVariable(reference, env)
      : readSecretFile(reference, folder)
    if (found.reason === undefined) known.set(reference, found.text)
    else missing.set(reference, `${reference} (${found.reason}; used by ${user})`)
    return found.text
  }
  return {
    resolve: (config, user) => replaceSecrets(config, (text) => lookUp(text, user)),
    finish: () => {
      if (missing.size > 0) throw problems.BCN_SECRET_UNRESOLVED({ references: [...missing.values()] })
    },
  }
}

/** A configuration with what its references to secrets stand for. */
export function replaceSecrets(config: JsonObject, lookUp: (reference: string) => string): JsonObject {
  return replace(config, lookUp) as JsonObject
}

function replace(value: JsonValue, lookUp: (reference: string) => string): JsonValue {
  if (typeof value === 'string') return /^(?:env|file):\/\//.test(value) ? lookUp(value) : value
  if (Array.isArray(value)) return value.map((item: JsonValue) => replace(item, lookUp))
  if (!isObject(value)) return value
  const members = Object.entries(value)
  return Object.fromEntries(members.map(([name, member]) => [name, replace(member, lookUp)]))
}

interface Found {
  readonly text: string
  /** Why there is none. */
  readonly reason?: string
}

function readVariable(reference: string, env: Environment): Found {
  const text = env[reference.slice('env://'.length)]
  return text === undefined ? { text: '', reason: 'not set' } : { text }
}

function readSecretFile(reference: string, folder: string): Found {
  try {
    const path = realpathSync(fileURLToPath(reference))
    if (!isWithin(path, realpathSync(folder)))
      return { text: '', reason: `not in ${folder}, see --secrets-dir` }
    return readRegularFile(path)
  } catch (error) {
    return { text: '', reason: (error as NodeJS.ErrnoException).code ?? 'not readable' }
  }
}

/** The path is a real one by now: a link that somebody puts in its place is not followed, nor does a pipe hold us. */
function readRegularFile(path: string): Found {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const facts = fstatSync(file)
    if (!facts.isFile()) return { text: '', reason: 'not a file' }
    if (facts.size > MAX_SECRET_BYTES) return { text: '', reason: `larger than ${MAX_SECRET_BYTES} bytes` }
    // Files made by editors and by Kubernetes differ in their last line feed.
    return { text: readFileSync(file, 'utf8').replace(/\r?\n$/, '') }
  } finally {
    closeSync(file)
  }
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '' && !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`)
}
