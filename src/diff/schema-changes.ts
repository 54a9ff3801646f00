import type { ChangeDefinition, ChangeLevel } from './change-definition.ts'

function of(level: ChangeLevel, reason: string): ChangeDefinition {
  return { kind: 'schema', level, reason }
}

const UNKNOWN = 'Neither of the two is known to accept all that the other does.'

/** What can change in a schema of requests, by id. */
export const schemaChanges = {
  'schema-refused': of('breaking', 'No value is accepted here any more.'),
  'schema-allowed': of('safe', 'No value was accepted here before.'),
  'schema-type-narrowed': of('breaking', 'Values of the types that are gone are refused.'),
  'schema-type-widened': of('safe', 'Values of more types are accepted.'),
  'schema-enum-narrowed': of('breaking', 'Values that are not listed are refused.'),
  'schema-enum-widened': of('safe', 'More values are accepted.'),
  'schema-range-narrowed': of('breaking', 'Numbers outside of the new range are refused.'),
  'schema-range-widened': of('safe', 'More numbers are accepted.'),
  'schema-multiple-narrowed': of('breaking', 'Other numbers are refused.'),
  'schema-multiple-widened': of('safe', 'More numbers are accepted.'),
  'schema-multiple-changed': of('risky', UNKNOWN),
  'schema-limit-narrowed': of('breaking', 'Shorter or longer values than the new limit are refused.'),
  'schema-limit-widened': of('safe', 'Shorter or longer values are accepted.'),
  'schema-unique-required': of('breaking', 'Lists in which an item stands twice are refused.'),
  'schema-unique-dropped': of('safe', 'An item may stand in a list twice.'),
  'schema-pattern-added': of('breaking', 'Text that does not match is refused.'),
  'schema-pattern-removed': of('safe', 'Any text is accepted.'),
  'schema-pattern-changed': of('risky', UNKNOWN),
  'schema-format-added': of('breaking', 'Text of another format is refused.'),
  'schema-format-removed': of('safe', 'Any text is accepted.'),
  'schema-format-changed': of('risky', UNKNOWN),
  'schema-required-added': of('breaking', 'Objects without this property are refused.'),
  'schema-required-removed': of('safe', 'Objects may leave this property out.'),
  'schema-property-added': of('safe', 'Objects with this property were refused before.'),
  'schema-property-removed': of('breaking', 'Objects with this property are refused.'),
  'schema-property-declared': of(
    'risky',
    'What stood there was not checked; clients that send something else under this name are refused.',
  ),
  'schema-property-undeclared': of(
    'risky',
    'It is still let through, unchecked, but nothing says any more that it has an effect.',
  ),
  'schema-properties-refused': of('breaking', 'Objects with properties that are not declared are refused.'),
  'schema-properties-allowed': of('safe', 'Objects may have properties that are not declared.'),
  'schema-properties-regrouped': of(
    'risky',
    'Which properties are checked by `patternProperties` and which by `additionalProperties` has changed.',
  ),
  'schema-dependency-added': of('breaking', 'Objects with this property have to fit more.'),
  'schema-dependency-removed': of('safe', 'Objects with this property have to fit less.'),
  'schema-all-of-added': of('breaking', 'Values have to fit one schema more.'),
  'schema-all-of-removed': of('safe', 'Values have to fit one schema less.'),
  'schema-alternative-added': of('safe', 'Values may fit one schema more.'),
  'schema-alternative-removed': of('breaking', 'Values that only fitted this schema are refused.'),
  'schema-alternative-merged': of('safe', 'Another alternative accepts all that this one did.'),
  'schema-alternatives-added': of('breaking', 'Values that fit none of the alternatives are refused.'),
  'schema-alternatives-removed': of('safe', 'Values need not fit any alternative.'),
  'schema-alternatives-overlap': of(
    'risky',
    '`oneOf` refuses values that fit two alternatives, and these are not known to exclude each other.',
  ),
  'schema-not-added': of('breaking', 'Values that fit this schema are refused.'),
  'schema-not-removed': of('safe', 'Values that fit this schema are accepted.'),
  'schema-not-changed': of('risky', UNKNOWN),
  'schema-condition-added': of('breaking', 'Values have to fit what `then` or `else` asks for.'),
  'schema-condition-removed': of('safe', 'Values need not fit what `then` or `else` asked for.'),
  'schema-condition-changed': of('risky', UNKNOWN),
  'schema-contains-added': of('breaking', 'Lists without such an item are refused.'),
  'schema-contains-removed': of('safe', 'Lists need no such item.'),
  'schema-contains-changed': of('risky', UNKNOWN),
  'schema-unevaluated-added': of('breaking', 'What no other keyword looks at is refused.'),
  'schema-unevaluated-removed': of('safe', 'What no other keyword looks at is accepted.'),
  'schema-unevaluated-changed': of('risky', UNKNOWN),
  'schema-default-changed': of('risky', 'Clients that leave the value out have relied on the other one.'),
  'schema-annotation-changed': of('safe', 'It changes no answer of the gateway.'),
  'schema-keyword-changed': of('risky', 'It is not known what this keyword means for clients.'),
  'schema-not-compared': of('risky', 'The two are too large or too deep to be compared further.'),
}
