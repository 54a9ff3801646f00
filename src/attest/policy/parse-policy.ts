import { parseDocument } from 'yaml'

import { decode, DecodeError } from '../../domain/index.ts'
import { verifyProblems as problems } from '../verify-problems.ts'
import { anchoredPattern, type TrustedIdentity } from './policy.ts'

const { count, flag, list, object, optional, text } = decode

const identity = object({ issuer: text, identity: optional(text), identity_regexp: optional(text) })

const policyFile = object({
  version: count,
  keys: optional(list(text)),
  identities: optional(list(identity)),
  trusted_root: optional(text),
  require_sbom: optional(flag),
  require_git: optional(flag),
})

/** A policy file as it is written, its paths not yet read. */
export interface PolicyFile {
  readonly keyPaths: readonly string[]
  readonly identities: readonly TrustedIdentity[]
  readonly trustedRootPath: string | undefined
  readonly requireSbom: boolean
  readonly requireGit: boolean
}

/**
 * Reads a verification policy (YAML): `version: 1`, `keys` (paths of PEM files), `identities` (each an `issuer` with
 * an exact `identity` or an `identity_regexp` for the whole of it), `trusted_root`, `require_sbom`, `require_git`.
 *
 * @throws {ProblemError} BCN_VERIFY_POLICY
 */
export function parsePolicy(path: string, source: string): PolicyFile {
  const file = decodeFile(path, source)
  if (file.version !== 1)
    throw invalid(path, `version ${file.version} is not known; this one reads version 1`)
  const keyPaths = file.keys ?? []
  const entries = file.identities ?? []
  if (keyPaths.length + entries.length === 0) {
    throw invalid(path, 'it has neither `keys` nor `identities`, so nobody would be accepted')
  }
  return {
    keyPaths,
    identities: entries.map((entry, index) => identityOf(path, entry, index)),
    trustedRootPath: file.trusted_root,
    requireSbom: file.require_sbom ?? false,
    requireGit: file.require_git ?? false,
  }
}

function decodeFile(path: string, source: string) {
  const document = parseDocument(source)
  const [fault] = [...document.errors, ...document.warnings]
  if (fault !== undefined) throw invalid(path, fault.message.split('\n', 1)[0] ?? 'it is not YAML')
  try {
    return policyFile(document.toJS({ maxAliasCount: 0 }), '')
  } catch (error) {
    if (error instanceof DecodeError || error instanceof ReferenceError)
      throw invalid(path, error.message, error)
    throw error
  }
}

function identityOf(path: string, entry: ReturnType<typeof identity>, index: number): TrustedIdentity {
  const { issuer, identity: exact, identity_regexp: pattern } = entry
  const place = `/identities/${index}`
  if ((exact === undefined) === (pattern === undefined)) {
    throw invalid(path, `${place} needs either \`identity\` or \`identity_regexp\``)
  }
  if (issuer === '' || exact === '' || pattern === '') throw invalid(path, `${place} has an empty member`)
  if (exact !== undefined) return { issuer, identity: exact }
  try {
    return { issuer, identity: anchoredPattern(pattern ?? '') }
  } catch (error) {
    throw invalid(path, `${place}/identity_regexp is no regular expression`, error)
  }
}

function invalid(path: string, reason: string, cause?: unknown) {
  return problems.BCN_VERIFY_POLICY({ path, reason }, { cause })
}
