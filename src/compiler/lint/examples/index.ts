export { hasExamples, hasOwnExamples, ownExamples, schemaExamples, type PlacedValue } from './examples-of.ts'
export { createMatcher, type MatchSchema, type Mismatch } from './match-schema.ts'
