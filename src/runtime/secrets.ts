import { readFileSync } from 'node:fs'

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

export function createSecretResolver(env: Environment): SecretResolver {
  const missing = new Map<string, string>()
  const known = new Map<string, string>()
  const lookUp = (reference: string, user: string): string => {
    const before = known.get(reference)
    if (before !== undefined) return before
    const found = read(reference, env)
    if (found.reason === undefined) known.set(reference, found.text)
    else missing.set(reference, `${reference} (${found.reason}; used by ${user})`)
    return found.text
  }
  return {
    resolve: (config, user) => replace(config, (text) => lookUp(text, user)) as JsonObject,
    finish: () => {
      if (missing.size > 0) throw problems.BCN_SECRET_UNRESOLVED({ references: [...missing.values()] })
    },
  }
}

function replace(value: JsonValue, lookUp: (reference: string) => string): JsonValue {
  if (typeof value === 'string') return /^(?:env|file):\/\//.test(value) ? lookUp(value) : value
  if (Array.isArray(value)) return value.map((item: JsonValue) => replace(item, lookUp))
  if (!isObject(value)) return value
  const members = Object.entries(value)
  return Object.fromEntries(members.map(([name, member]) => [name, replace(member, lookUp)]))
}

function read(reference: string, env: Environment): { readonly text: string; readonly reason?: string } {
  if (reference.startsWith('env://')) {
    const text = env[reference.slice('env://'.length)]
    return text === undefined ? { text: '', reason: 'not set' } : { text }
  }
  try {
    // Files made by editors and by Kubernetes differ in their last line feed.
    return { text: readFileSync(new URL(reference), 'utf8').replace(/\r?\n$/, '') }
  } catch (error) {
    return { text: '', reason: (error as NodeJS.ErrnoException).code ?? 'not readable' }
  }
}
