import { decode, DecodeError, isObject, type JsonValue } from '../../domain/index.ts'
import { verifyProblems as problems } from '../verify-problems.ts'
import { BUILD_TYPE, builderIds, PREDICATE_TYPE, STATEMENT_TYPE } from './statement.ts'

const { count, list, matching, object, oneOf, optional, record, text } = decode

const json = (value: unknown) => value as JsonValue
const sha256 = object({ sha256: matching(/^[0-9a-f]{64}$/, '64 lower-case hex digits') })
const builderId = oneOf(Object.values(builderIds))

const subject = object({
  name: text,
  digest: sha256,
  annotations: optional(object({ artifact_hash: text })),
})
const dependency = object({
  name: text,
  uri: optional(text),
  digest: record(text),
  annotations: optional(object({ kind: text, size: count })),
})
const byproduct = object({ name: text, mediaType: text, digest: sha256 })

const statement = object({
  _type: oneOf([STATEMENT_TYPE]),
  subject: list(subject),
  predicateType: oneOf([PREDICATE_TYPE]),
  predicate: object({
    buildDefinition: object({
      buildType: oneOf([BUILD_TYPE]),
      // Compared member by member with what the artifact gives, which names an unknown parameter better.
      externalParameters: json,
      internalParameters: json,
      resolvedDependencies: list(dependency),
    }),
    runDetails: object({
      builder: object({ id: builderId, version: record(text) }),
      metadata: optional(object({ invocationId: text })),
      byproducts: optional(list(byproduct)),
    }),
  }),
})

/** A statement of the right types and shape; whether it fits an artifact is still to be checked. */
export type ParsedStatement = ReturnType<typeof statement>

/**
 * Reads the payload of a DSSE envelope: UTF-8 JSON, the three types of a statement of ours, and exactly the members
 * that such a statement has.
 *
 * @throws {ProblemError} BCN_VERIFY_STATEMENT_TYPE, BCN_VERIFY_STATEMENT
 */
export function parseStatement(payload: Uint8Array): ParsedStatement {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch (error) {
    throw problems.BCN_VERIFY_STATEMENT({ reason: 'it is not JSON' }, { cause: error })
  }
  checkTypes(value)
  try {
    return statement(value, '')
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw problems.BCN_VERIFY_STATEMENT({ reason: error.message }, { cause: error })
  }
}

function checkTypes(value: unknown): void {
  const { _type: type, predicateType, predicate } = objectOf(value)
  expectType('_type', type, STATEMENT_TYPE)
  expectType('predicateType', predicateType, PREDICATE_TYPE)
  expectType('buildType', objectOf(objectOf(predicate)['buildDefinition'])['buildType'], BUILD_TYPE)
}

function expectType(member: string, found: unknown, expected: string): void {
  if (found === expected) return
  throw problems.BCN_VERIFY_STATEMENT_TYPE({
    member,
    found: found === undefined ? 'nothing' : JSON.stringify(found).slice(0, 120),
    expected,
  })
}

function objectOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {}
}
