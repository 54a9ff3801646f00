/** How a keyword holds other schemas, and whether they apply to the value itself or to a part of it. */
export interface Applicator {
  readonly shape: 'one' | 'list' | 'map'
  readonly inPlace: boolean
}

function applicators(
  shape: Applicator['shape'],
  inPlace: boolean,
  names: readonly string[],
): readonly (readonly [string, Applicator])[] {
  return names.map((name) => [name, { shape, inPlace }])
}

/** The applicators of JSON Schema 2020-12 core §10 and §11. */
export const applicatorOf: ReadonlyMap<string, Applicator> = new Map([
  ...applicators('list', true, ['allOf', 'anyOf', 'oneOf']),
  ...applicators('one', true, ['not', 'if', 'then', 'else']),
  ...applicators('map', true, ['dependentSchemas']),
  ...applicators('map', false, ['properties', 'patternProperties']),
  ...applicators('list', false, ['prefixItems']),
  ...applicators('one', false, ['additionalProperties', 'items', 'contains', 'propertyNames']),
  ...applicators('one', false, ['unevaluatedItems', 'unevaluatedProperties']),
])
