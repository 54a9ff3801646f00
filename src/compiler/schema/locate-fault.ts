import { formatPointer, isObject, parsePointer } from '../../domain/index.ts'
import type { Bundle } from './bundle.ts'
import type { Draft, SchemaPlace } from './draft.ts'
import type { Drafts } from './drafts.ts'

/** Where that is written which a pointer into a bundle leads to; the nearest schema around it if it was rewritten. */
export function locateFault(
  root: Draft,
  { definitions }: Bundle,
  drafts: Drafts,
  pointer: string,
): Pick<SchemaPlace, 'document' | 'pointer'> {
  const [first, name, ...rest] = parsePointer(pointer)
  const definition = first === '$defs' && name !== undefined ? definitions.get(name) : undefined
  const draft = definition ?? root
  const tokens = definition === undefined ? parsePointer(pointer) : rest
  let place: Pick<SchemaPlace, 'document' | 'pointer'> = draft.place
  let value: unknown = draft.schema
  let since: string[] = []
  for (const token of [undefined, ...tokens]) {
    if (token !== undefined) {
      value = isObject(value) || Array.isArray(value) ? (value as Record<string, unknown>)[token] : undefined
      since.push(token)
    }
    const origin = typeof value === 'object' && value !== null ? drafts.originOf(value) : undefined
    if (origin === undefined) continue
    place = origin
    since = []
  }
  return { document: place.document, pointer: place.pointer + formatPointer(since) }
}
