import { appendPointer, isObject } from '../../domain/index.ts'
import type { DocumentSet, SourceDocument } from '../document/index.ts'
import type { AsyncapiFault, ReportAsyncapiFault } from './asyncapi-fault.ts'
import type { ObjectPlace } from './check-members.ts'

/** What the parts of an AsyncAPI description are read with. */
export interface Lowering {
  readonly set: DocumentSet
  readonly root: SourceDocument
  readonly report: ReportAsyncapiFault
}

interface Place {
  readonly document: SourceDocument
  readonly pointer: string
  readonly value: unknown
}

/** The object at a member, after following references; undefined where there is none, which is reported. */
export function memberOf(
  lowering: Lowering,
  { document, pointer, value }: ObjectPlace,
  key: string,
): ObjectPlace | undefined {
  if (!Object.hasOwn(value, key)) return undefined
  return follow(lowering, { document, pointer: appendPointer(pointer, key), value: value[key] })
}

/** The objects in a list or a map, with their keys, after following references; what is none is reported. */
export function entriesOf(
  lowering: Lowering,
  owner: ObjectPlace,
  key: string,
): readonly (readonly [string, ObjectPlace])[] {
  const list = owner.value[key]
  if (typeof list !== 'object' || list === null) return []
  const pointer = appendPointer(owner.pointer, key)
  return Object.entries(list).flatMap(([name, value]) => {
    const place = { document: owner.document, pointer: appendPointer(pointer, name), value }
    const followed = follow(lowering, place)
    return followed === undefined ? [] : [[name, followed] as const]
  })
}

function follow({ set, report }: Lowering, start: Place): ObjectPlace | undefined {
  const seen = new Set<unknown>()
  let { document, pointer, value } = start
  while (isObject(value) && typeof value['$ref'] === 'string' && !seen.has(value)) {
    seen.add(value)
    const target = set.resolve({ document, pointer }, value['$ref'])
    // That it leads nowhere is said where references are read.
    if (target === undefined) return undefined
    ;({ document, pointer, value } = target)
  }
  if (isObject(value) && !seen.has(value)) return { document, pointer, value }
  const message = seen.size === 0 ? 'An object is expected here' : 'The reference leads to no object'
  report({ at: start, message, hint: 'Write the object, or { $ref: … } to one.' })
  return undefined
}

/** The object with what its traits add (AsyncAPI 3.0, Traits Merge Mechanism); its own members win. */
export function withTraits(lowering: Lowering, place: ObjectPlace): ObjectPlace {
  const traits = entriesOf(lowering, place, 'traits')
  if (traits.length === 0) return place
  const merged: Record<string, unknown> = {}
  for (const { value } of [...traits.map(([, trait]) => trait), place]) {
    for (const [key, member] of Object.entries(value)) merged[key] = mergePatch(merged[key], member)
  }
  return { ...place, value: merged }
}

/** RFC 7396, without the removal of members. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(target) || !isObject(patch)) return patch
  const merged = { ...target }
  for (const [key, member] of Object.entries(patch)) merged[key] = mergePatch(merged[key], member)
  return merged
}

export function faultAt(place: ObjectPlace, key: string, message: string, hint: string): AsyncapiFault {
  return { at: { document: place.document, pointer: appendPointer(place.pointer, key) }, message, hint }
}
