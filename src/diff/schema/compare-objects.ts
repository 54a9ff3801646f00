import { appendPointer, type JsonObject, type JsonValue } from '../../domain/index.ts'
import type { Comparison, KeywordComparison, Pair } from './comparison.ts'
import { isEqual } from './compare-limits.ts'
import { isSchemaObject } from './resolve-schema.ts'

/** `required`: JSON Schema 2020-12 validation §6.5.3. */
export const compareRequired: KeywordComparison = ({ before, after, pointer }, { report }) => {
  const [was, is] = [namesIn(before['required']), namesIn(after['required'])]
  const at = `${pointer}/required`
  for (const name of is) if (!was.has(name)) report('schema-required-added', at, { after: name })
  for (const name of was) if (!is.has(name)) report('schema-required-removed', at, { before: name })
}

function namesIn(value: JsonValue | undefined): ReadonlySet<string> {
  return new Set(Array.isArray(value) ? (value as readonly JsonValue[]).map(String) : [])
}

/** `properties`, `patternProperties` and `additionalProperties`, which take over from each other: core §10.3.2. */
export const compareProperties: KeywordComparison = (pair, comparison) => {
  const { before, after, pointer } = pair
  const [was, is] = [membersOf(before, 'properties'), membersOf(after, 'properties')]
  const [patternsWere, patternsAre] = [
    membersOf(before, 'patternProperties'),
    membersOf(after, 'patternProperties'),
  ]
  const hasPatterns = Object.keys({ ...patternsWere, ...patternsAre }).length > 0
  if (hasPatterns && !(haveSameNames(was, is) && haveSameNames(patternsWere, patternsAre)))
    comparison.report('schema-properties-regrouped', pointer)
  for (const name of namesOf(patternsWere, patternsAre)) {
    if (!Object.hasOwn(patternsWere, name) || !Object.hasOwn(patternsAre, name)) continue
    comparison.compare(
      patternsWere[name],
      patternsAre[name],
      appendPointer(`${pointer}/patternProperties`, name),
    )
  }
  for (const name of namesOf(was, is)) {
    const at = appendPointer(`${pointer}/properties`, name)
    if (!Object.hasOwn(was, name)) declareProperty(is[name], { ...pair, pointer: at }, comparison)
    else if (!Object.hasOwn(is, name)) undeclareProperty(was[name], { ...pair, pointer: at }, comparison)
    else comparison.compare(was[name], is[name], at)
  }
  compareOthers(pair, comparison)
}

/** A property that fell under `additionalProperties` until now. */
function declareProperty(is: JsonValue | undefined, pair: Pair, comparison: Comparison): void {
  const { report, compare, isAnything } = comparison
  const others = pair.before['additionalProperties']
  const values = { after: is }
  if (others === false) return report('schema-property-added', pair.pointer, values)
  if (isConstraint(others)) return compare(others, is, pair.pointer)
  const isChecked = !isAnything('after', is)
  report(isChecked ? 'schema-property-declared' : 'schema-annotation-changed', pair.pointer, values)
}

/** A property that falls under `additionalProperties` from now on. */
function undeclareProperty(was: JsonValue | undefined, pair: Pair, comparison: Comparison): void {
  const { report, compare, isAnything } = comparison
  const others = pair.after['additionalProperties']
  const values = { before: was }
  if (others === false) return report('schema-property-removed', pair.pointer, values)
  if (isConstraint(others)) return compare(was, others, pair.pointer)
  const wasChecked = !isAnything('before', was)
  report(wasChecked ? 'schema-property-undeclared' : 'schema-annotation-changed', pair.pointer, values)
}

function isConstraint(schema: JsonValue | undefined): boolean {
  return isSchemaObject(schema) && Object.keys(schema).length > 0
}

function compareOthers({ before, after, pointer }: Pair, { report, compare }: Comparison): void {
  const [was, is] = [before['additionalProperties'], after['additionalProperties']]
  const at = `${pointer}/additionalProperties`
  if (was !== false && is === false) report('schema-properties-refused', at, { before: was, after: is })
  else if (was === false && is !== false) report('schema-properties-allowed', at, { before: was, after: is })
  else compare(was, is, at)
}

/** `propertyNames`, `dependentRequired` and `dependentSchemas`: core §10.2.2.4 and §10.3.2.4, validation §6.5.4. */
export const compareDependencies: KeywordComparison = ({ before, after, pointer }, comparison) => {
  const { report, compare } = comparison
  compare(before['propertyNames'], after['propertyNames'], `${pointer}/propertyNames`)
  for (const keyword of ['dependentRequired', 'dependentSchemas']) {
    const [was, is] = [membersOf(before, keyword), membersOf(after, keyword)]
    for (const name of namesOf(was, is)) {
      const values = { before: was[name], after: is[name] }
      const at = appendPointer(`${pointer}/${keyword}`, name)
      if (isEqual(was[name], is[name]) && keyword === 'dependentRequired') continue
      if (!Object.hasOwn(was, name)) report('schema-dependency-added', at, values)
      else if (!Object.hasOwn(is, name)) report('schema-dependency-removed', at, values)
      else if (keyword === 'dependentSchemas') compare(was[name], is[name], at)
      else {
        const [had, has] = [namesIn(was[name]), namesIn(is[name])]
        if ([...has].some((other) => !had.has(other))) report('schema-dependency-added', at, values)
        if ([...had].some((other) => !has.has(other))) report('schema-dependency-removed', at, values)
      }
    }
  }
}

function membersOf(schema: JsonObject, keyword: string): JsonObject {
  const members = schema[keyword]
  return isSchemaObject(members) ? members : {}
}

function namesOf(was: JsonObject, is: JsonObject): readonly string[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
}

function haveSameNames(was: JsonObject, is: JsonObject): boolean {
  return isEqual(Object.keys(was).toSorted(), Object.keys(is).toSorted())
}
