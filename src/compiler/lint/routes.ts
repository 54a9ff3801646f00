import { appendPointer, isObject } from '../../domain/index.ts'
import { oncePerSet, pathItemMethods, type DocumentSet, type SourceDocument } from '../document/index.ts'
import { basePathOf } from './base-path.ts'
import type { Place } from './place.ts'

/** An object of a description and where it is written, after following references. */
export interface ObjectNode extends Place {
  readonly value: Readonly<Record<string, unknown>>
}

/** One operation that is reached through `paths` of a root document. */
export interface RouteNode {
  readonly root: SourceDocument
  /** The key in `paths`. */
  readonly template: string
  /** Where the key in `paths` stands. */
  readonly path: Place
  /** The template with the base path of the servers in front. */
  readonly fullPath: string
  /** Upper case. */
  readonly method: string
  readonly pathItem: ObjectNode
  readonly operation: ObjectNode
}

/** Collects the operations under `paths` of the root documents; what is malformed is left to the structure check. */
export function collectRoutes(set: DocumentSet, roots: readonly SourceDocument[]): readonly RouteNode[] {
  const known = routesByRoot(set)
  const routes: RouteNode[] = []
  for (const root of roots) {
    let ofRoot = known.get(root)
    if (ofRoot === undefined) known.set(root, (ofRoot = collectRoutesOf(root, set)))
    routes.push(...ofRoot)
  }
  return routes
}

/** Rules, the plan and the check of plugins ask for the same. */
const routesByRoot = oncePerSet(() => new Map<SourceDocument, readonly RouteNode[]>())

function collectRoutesOf(root: SourceDocument, set: DocumentSet): readonly RouteNode[] {
  const paths = isObject(root.root) ? root.root['paths'] : undefined
  if (!isObject(paths)) return []
  return Object.entries(paths).flatMap(([template, value]) => {
    const path = { document: root, pointer: appendPointer('/paths', template) }
    const pathItem = template.startsWith('x-') ? undefined : followReferences(set, { ...path, value })
    return pathItem === undefined ? [] : routesOf(root, path, template, pathItem)
  })
}

function routesOf(
  root: SourceDocument,
  path: Place,
  template: string,
  pathItem: ObjectNode,
): readonly RouteNode[] {
  return operationsOf(pathItem).map(({ method, operation }) => {
    const fullPath = basePathOf(root.root, pathItem.value, operation.value) + template
    return { root, template, path, fullPath, method, pathItem, operation }
  })
}

function operationsOf(
  pathItem: ObjectNode,
): readonly { readonly method: string; readonly operation: ObjectNode }[] {
  const { document, pointer, value } = pathItem
  const operations: { method: string; operation: ObjectNode }[] = []
  const add = (owner: string, key: string, method: string, operation: unknown): void => {
    if (!isObject(operation)) return
    operations.push({
      method,
      operation: { document, pointer: appendPointer(owner, key), value: operation },
    })
  }
  for (const key of pathItemMethods) add(pointer, key, key.toUpperCase(), value[key])
  const additional = value['additionalOperations']
  if (isObject(additional)) {
    const owner = appendPointer(pointer, 'additionalOperations')
    for (const [method, operation] of Object.entries(additional)) add(owner, method, method, operation)
  }
  return operations
}

/** The object that a place holds or, through any number of references, leads to; undefined where that is no object. */
export function followReferences(
  set: DocumentSet,
  place: Place & { readonly value: unknown },
): ObjectNode | undefined {
  let seen: Set<unknown> | undefined
  let at = place
  while (isObject(at.value) && typeof at.value['$ref'] === 'string') {
    seen ??= new Set()
    if (seen.has(at.value)) return undefined
    seen.add(at.value)
    const target = set.resolve(at, at.value['$ref'])
    if (target === undefined) return undefined
    at = target
  }
  return isObject(at.value) ? { document: at.document, pointer: at.pointer, value: at.value } : undefined
}

/** The object that a member holds or leads to. */
export function memberOf(set: DocumentSet, owner: ObjectNode, key: string): ObjectNode | undefined {
  const { document, pointer } = owner
  const value = owner.value[key]
  if (!isObject(value)) return undefined
  const at = { document, pointer: appendPointer(pointer, key), value }
  return typeof value['$ref'] === 'string' ? followReferences(set, at) : at
}
