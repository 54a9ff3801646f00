import type { JsonSchema } from '../domain/index.ts'
import type { ChangeId, Report } from './change.ts'
import { changeDefinitions } from './change-definitions.ts'
import { compareSchemas } from './schema/index.ts'

/**
 * Compares two schemas of answers by the values that clients get. It is asked the other way round: what is new is safe
 * where the old schema accepts all that the new one does.
 */
export function compareAnswered(
  before: JsonSchema,
  after: JsonSchema,
  { isText, report }: { readonly isText: boolean; readonly report: Report },
): void {
  compareSchemas({
    before: after,
    after: before,
    isText,
    report: (id, pointer, { before: is, after: was } = {}) => {
      report(answeredAs(id), pointer, { before: was, after: is })
    },
  })
}

/** What a change that was found the other way round is for those who get the values. */
function answeredAs(id: ChangeId): ChangeId {
  const own = OWN[id]
  if (own !== undefined) return own
  const { level } = changeDefinitions[id]
  return level === 'breaking'
    ? 'response-schema-widened'
    : level === 'safe'
      ? 'response-schema-narrowed'
      : 'response-schema-changed'
}

const OWN: Partial<Readonly<Record<ChangeId, ChangeId>>> = {
  'schema-property-declared': 'response-property-removed',
  'schema-property-added': 'response-property-removed',
  // Nothing may be there, as of what is `writeOnly`.
  'schema-allowed': 'response-property-removed',
  'schema-property-undeclared': 'response-property-added',
  'schema-property-removed': 'response-closed-property-added',
  'schema-required-added': 'response-property-made-optional',
  'schema-required-removed': 'response-property-made-required',
  'schema-type-narrowed': 'response-type-widened',
  'schema-enum-narrowed': 'response-enum-widened',
  'schema-default-changed': 'response-annotation-changed',
  'schema-annotation-changed': 'response-annotation-changed',
}
