import { appendPointer } from '../../domain/index.ts'
import type { DocumentSet } from '../document/index.ts'
import { followReferences, type ObjectNode } from './routes.ts'
import type { Place } from './place.ts'

/** A parameter as it is declared, and where it is listed. */
export interface DeclaredParameter {
  readonly name: string
  readonly in: string
  /** The entry of the list, which may be a reference. */
  readonly listed: Place
  readonly value: Readonly<Record<string, unknown>>
  /** Where the parameter itself is written. */
  readonly target: ObjectNode
}

/** The well-formed entries of the `parameters` of a path item or an operation. */
export function parametersOf(set: DocumentSet, owner: ObjectNode): readonly DeclaredParameter[] {
  const { document, value } = owner
  const listed: readonly unknown[] = Array.isArray(value['parameters']) ? value['parameters'] : []
  const at = appendPointer(owner.pointer, 'parameters')
  return listed.flatMap((entry, index) => {
    const place = { document, pointer: appendPointer(at, index) }
    const parameter = followReferences(set, { ...place, value: entry })
    const { name, in: location } = parameter?.value ?? {}
    if (parameter === undefined || typeof name !== 'string' || typeof location !== 'string') return []
    return [{ name, in: location, listed: place, value: parameter.value, target: parameter }]
  })
}
