import { appendPointer, isObject, type JsonObject, type JsonValue } from '../domain/index.ts'
import { isEqual } from './schema/index.ts'

export interface JsonDifference {
  readonly pointer: string
  readonly before: JsonValue | undefined
  readonly after: JsonValue | undefined
}

/** The innermost places at which two JSON values differ; lists of another length differ as a whole. */
export function compareJson(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  pointer = '',
): readonly JsonDifference[] {
  if (isEqual(before, after)) return []
  const [was, is] = [membersOf(before), membersOf(after)]
  if (was === undefined || is === undefined || lengthOf(before) !== lengthOf(after))
    return [{ pointer, before, after }]
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  return names.flatMap((name) =>
    compareJson(memberOf(was, name), memberOf(is, name), appendPointer(pointer, name)),
  )
}

function membersOf(value: JsonValue | undefined): JsonObject | undefined {
  return isObject(value) || Array.isArray(value) ? (value as JsonObject) : undefined
}

/** That of a list; undefined for anything else. */
function lengthOf(value: JsonValue | undefined): number | undefined {
  return Array.isArray(value) ? value.length : undefined
}

function memberOf(members: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined
}
