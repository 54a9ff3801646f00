import type { ChangeDefinition, ChangeLevel } from './change-definition.ts'

function of(level: ChangeLevel, reason: string): ChangeDefinition {
  return { kind: 'response', level, reason }
}

/** What can change in answers, by id. */
export const responseChanges = {
  'response-success-removed': of('breaking', 'Clients wait for an answer that they do not get any more.'),
  'response-success-added': of('risky', 'Clients may get an answer of success that they do not know.'),
  'response-other-removed': of('safe', 'Clients are prepared for an answer that does not come.'),
  'response-other-added': of('risky', 'Clients may get an answer that they do not know.'),
  'response-body-removed': of('risky', 'Nothing says any more what the body is.'),
  'response-body-added': of('safe', 'Nothing was said of the body before.'),
  'response-media-type-removed': of('breaking', 'Clients that ask for this type do not get it any more.'),
  'response-media-type-added': of('risky', 'Clients that take any type may get one that they cannot read.'),
  'response-header-removed': of('breaking', 'Clients that read it find nothing.'),
  'response-optional-header-removed': of('risky', 'Nothing says any more that it may be there.'),
  'response-header-added': of('safe', 'Clients that do not know it do not read it.'),
  'response-header-made-optional': of('breaking', 'It may be missing, where it was always there.'),
  'response-header-made-required': of('safe', 'It is always there, where it may have been missing.'),
  'response-property-removed': of('breaking', 'Clients that read this property do not find it.'),
  'response-property-added': of('safe', 'Clients that do not know this property do not read it.'),
  'response-closed-property-added': of(
    'risky',
    'No other properties were allowed: clients that hold answers to that refuse them.',
  ),
  'response-property-made-optional': of('breaking', 'It may be missing, where it was always there.'),
  'response-property-made-required': of('safe', 'It is always there, where it may have been missing.'),
  'response-type-widened': of('breaking', 'Clients may get values of a type that they do not expect.'),
  'response-enum-widened': of('breaking', 'Clients may get values that they do not know.'),
  'response-schema-widened': of('breaking', 'Clients may get values that they have not got before.'),
  'response-schema-narrowed': of('safe', 'Clients get nothing that they have not got before.'),
  'response-schema-changed': of(
    'risky',
    'It is not known whether clients get what they have not got before.',
  ),
  'response-annotation-changed': of('safe', 'It changes no answer.'),
}
