import { appendPointer, applicatorOf, isObject } from '../../domain/index.ts'
import type { SchemaPlace } from './draft.ts'

/** The schemas that one keyword of a schema holds, with their names or positions. */
export function placesBelow(
  { document, pointer, value }: SchemaPlace,
  keyword: string,
): readonly (readonly [string, SchemaPlace])[] {
  const member = isObject(value) ? value[keyword] : undefined
  if (typeof member !== 'object' || member === null) return []
  const at = appendPointer(pointer, keyword)
  if (applicatorOf.get(keyword)?.shape === 'one') return [['', { document, pointer: at, value: member }]]
  return Object.entries(member).map(([name, child]) => [
    name,
    { document, pointer: appendPointer(at, name), value: child as unknown },
  ])
}
