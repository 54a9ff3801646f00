/**
 * The assertions of JSON Schema 2020-12 validation §6, and the annotations that a gateway has a use for. Every other
 * keyword is left out: those that JSON Schema does not know mean nothing, and titles and examples change no answer.
 */
export const keptKeywords: ReadonlySet<string> = new Set(
  [
    ['type', 'enum', 'const'],
    ['multipleOf', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum'],
    ['maxLength', 'minLength', 'pattern', 'format'],
    ['maxItems', 'minItems', 'uniqueItems', 'maxContains', 'minContains'],
    ['maxProperties', 'minProperties', 'required', 'dependentRequired'],
    ['default', 'readOnly', 'writeOnly'],
  ].flat(),
)
