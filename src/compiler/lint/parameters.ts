import { appendPointer } from '../../domain/index.ts'
import { oncePerSet, type DocumentSet } from '../document/index.ts'
import { followReferences, type ObjectNode, type RouteNode } from './routes.ts'
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
  const list = owner.value['parameters']
  if (!Array.isArray(list)) return NONE
  const remembered = parametersByList(set)
  const known = remembered.get(list)
  const { document, pointer } = owner
  if (known !== undefined && known.document === document && known.pointer === pointer) return known.parameters
  const parameters = readParameters(set, owner, list)
  remembered.set(list, { document, pointer, parameters })
  return parameters
}

/** Those of a path item, then those of an operation in it; one that overrides another is listed beside it. */
export function parametersOfRoute(
  set: DocumentSet,
  { pathItem, operation }: Pick<RouteNode, 'pathItem' | 'operation'>,
): readonly DeclaredParameter[] {
  const shared = parametersOf(set, pathItem)
  const own = parametersOf(set, operation)
  // Nearly always one of the two is empty, and many rules ask.
  if (shared.length === 0) return own
  return own.length === 0 ? shared : [...shared, ...own]
}

const NONE: readonly DeclaredParameter[] = []

/** Several rules ask for those of each operation. */
const parametersByList = oncePerSet(
  () => new Map<readonly unknown[], Place & { readonly parameters: readonly DeclaredParameter[] }>(),
)

function readParameters(
  set: DocumentSet,
  { document, pointer }: ObjectNode,
  listed: readonly unknown[],
): readonly DeclaredParameter[] {
  const at = appendPointer(pointer, 'parameters')
  return listed.flatMap((entry, index) => {
    const place = { document, pointer: appendPointer(at, index) }
    const parameter = followReferences(set, { ...place, value: entry })
    const { name, in: location } = parameter?.value ?? {}
    if (parameter === undefined || typeof name !== 'string' || typeof location !== 'string') return []
    return [{ name, in: location, listed: place, value: parameter.value, target: parameter }]
  })
}
