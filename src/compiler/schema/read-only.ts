import { isObject } from '../../domain/index.ts'
import type { DocumentSet } from '../document/index.ts'
import type { SchemaPlace } from './draft.ts'

// A schema that reaches more is refused for it; without a bound a long chain would be followed from every link.
const MAX_BRANCHES = 2000

type Place = Pick<SchemaPlace, 'document' | 'value'>

/**
 * The properties that a schema, with the branches of its `allOf`, declares as `readOnly`. A request does not send
 * them, so that they cannot be required of it (OpenAPI 3.0 §4.7.24.2).
 */
export function readOnlyNames(set: DocumentSet, place: Place): ReadonlySet<string> {
  const names = new Set<string>()
  const seen = new Set<unknown>()
  const pending: Place[] = [place]
  for (const { document, value } of pending) {
    if (!isObject(value) || seen.has(value)) continue
    if (seen.size === MAX_BRANCHES) break
    seen.add(value)
    const target = typeof value['$ref'] === 'string' ? set.resolve(document, value['$ref']) : undefined
    if (target !== undefined) pending.push(target)
    const branches: readonly unknown[] = Array.isArray(value['allOf']) ? value['allOf'] : []
    for (const branch of branches) pending.push({ document, value: branch })
    const properties = isObject(value['properties']) ? Object.entries(value['properties']) : []
    for (const [name, property] of properties) {
      if (isReadOnly(set, { document, value: property })) names.add(name)
    }
  }
  return names
}

function isReadOnly(set: DocumentSet, place: Place): boolean {
  const seen = new Set<unknown>()
  let at: Place | undefined = place
  while (at !== undefined && isObject(at.value) && !seen.has(at.value)) {
    if (at.value['readOnly'] === true) return true
    seen.add(at.value)
    const ref: unknown = at.value['$ref']
    at = typeof ref === 'string' ? set.resolve(at.document, ref) : undefined
  }
  return false
}
