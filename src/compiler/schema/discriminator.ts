import { isObject } from '../../domain/index.ts'
import { DraftTarget, type DraftObject, type DraftValue, type SchemaPlace } from './draft.ts'

/**
 * The `discriminator` of a schema as an annotation: entries of `mapping` that lead to a branch of the schema are kept
 * as references to it, others have no meaning where a request is validated.
 */
export function convertDiscriminator(
  place: SchemaPlace,
  schema: DraftObject,
  keyOf: (ref: string) => string | undefined,
): DraftObject | undefined {
  const discriminator = isObject(place.value) ? place.value['discriminator'] : undefined
  if (!isObject(discriminator) || typeof discriminator['propertyName'] !== 'string') return undefined
  const branches = new Set(['anyOf', 'oneOf'].flatMap((keyword) => branchKeys(schema[keyword])))
  const mapping = isObject(discriminator['mapping']) ? Object.entries(discriminator['mapping']) : []
  const kept = mapping.flatMap(([value, ref]): [string, DraftTarget][] => {
    const key = typeof ref === 'string' ? keyOf(asReference(ref)) : undefined
    return key !== undefined && branches.has(key) ? [[value, new DraftTarget(key)]] : []
  })
  const { propertyName } = discriminator
  return { propertyName, ...(kept.length === 0 ? {} : { mapping: Object.fromEntries(kept) }) }
}

/** A plain name stands for a component (OpenAPI 3.1 §4.8.25). */
function asReference(text: string): string {
  return /^[\w.-]+$/.test(text) && !/\.(ya?ml|json)$/i.test(text) ? `#/components/schemas/${text}` : text
}

function branchKeys(branches: DraftValue | undefined): readonly string[] {
  if (!Array.isArray(branches)) return []
  return (branches as readonly DraftValue[]).flatMap((branch) => {
    const target: unknown = isObject(branch) ? branch['$ref'] : undefined
    return target instanceof DraftTarget ? [target.key] : []
  })
}
