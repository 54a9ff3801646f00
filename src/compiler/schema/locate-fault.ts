import { formatPointer, isObject, parsePointer } from '../../domain/index.ts'
import type { Draft, SchemaPlace } from './draft.ts'
import type { Drafts } from './drafts.ts'

/** Where that is written which a pointer into a draft leads to; the nearest schema around it if it was rewritten. */
export function locateFault(
  draft: Draft,
  drafts: Drafts,
  pointer: string,
): Pick<SchemaPlace, 'document' | 'pointer'> {
  const traced = drafts.trace(draft)
  let { place } = draft
  let value: unknown = traced?.schema
  let since: string[] = []
  for (const token of parsePointer(pointer)) {
    value = isObject(value) || Array.isArray(value) ? (value as Record<string, unknown>)[token] : undefined
    since.push(token)
    const origin = typeof value === 'object' && value !== null ? traced?.originOf(value) : undefined
    if (origin === undefined) continue
    place = origin
    since = []
  }
  return { document: place.document, pointer: place.pointer + formatPointer(since) }
}
