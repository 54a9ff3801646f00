import { appendPointer } from '../../domain/index.ts'
import { isEqual } from './compare-limits.ts'
import type { KeywordComparison } from './comparison.ts'

const COMPARED = new Set(
  [
    ['type', 'enum', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
    ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties', 'uniqueItems'],
    ['pattern', 'format', 'required', 'properties', 'patternProperties', 'additionalProperties'],
    ['propertyNames', 'dependentRequired', 'dependentSchemas', 'prefixItems', 'items'],
    ['contains', 'minContains', 'maxContains', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'],
    ['unevaluatedProperties', 'unevaluatedItems', 'default', 'readOnly', 'writeOnly', 'discriminator'],
  ].flat(),
)

/** Keywords that no other comparison looks at, such as those of artifacts of other compilers. */
export const compareOtherKeywords: KeywordComparison = ({ before, after, pointer }, { report }) => {
  for (const keyword of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (COMPARED.has(keyword) || isEqual(before[keyword], after[keyword])) continue
    const values = { before: before[keyword], after: after[keyword] }
    report('schema-keyword-changed', appendPointer(pointer, keyword), values)
  }
}
