import { appendPointer, isObject } from '../../domain/index.ts'
import { isOpenApi32, readsAsReference, type DocumentSet, type SourceDocument } from '../document/index.ts'
import type { Place } from './place.ts'
import { followReferences, type ObjectNode, type RouteNode } from './routes.ts'

/** One scheme that a requirement names, at the place of its name. */
export interface NamedScheme {
  readonly name: string
  readonly scopes: readonly unknown[]
  readonly at: Place
}

/** The `security` of a document or an operation. */
export interface Security {
  /** Those of all alternatives. */
  readonly schemes: readonly NamedScheme[]
  readonly alternatives: readonly (readonly NamedScheme[])[]
  /** True where one alternative is `{}`: requests without any credentials are admitted. */
  readonly isOptional: boolean
}

/** Reads the requirements of an object; undefined where it has none of its own (an empty list is one). */
export function securityOf({
  document,
  pointer,
  value,
}: Place & { readonly value: unknown }): Security | undefined {
  const list: unknown = isObject(value) ? value['security'] : undefined
  if (!Array.isArray(list)) return undefined
  const listAt = appendPointer(pointer, 'security')
  const alternatives = list.map((entry: unknown) => (isObject(entry) ? Object.entries(entry) : undefined))
  const named = alternatives.map((entries = [], index) =>
    entries.map(([name, scopes]) => ({
      name,
      scopes: Array.isArray(scopes) ? scopes : [],
      at: { document, pointer: appendPointer(appendPointer(listAt, index), name) },
    })),
  )
  return {
    schemes: named.flat(),
    alternatives: named,
    isOptional: alternatives.some((entries) => entries?.length === 0),
  }
}

/** What is required of the requests of an operation: by itself, else by its root; undefined where neither says anything. */
export function effectiveSecurity({
  root,
  operation,
}: Pick<RouteNode, 'root' | 'operation'>): Security | undefined {
  return securityOf(operation) ?? securityOf({ document: root, pointer: '', value: root.root })
}

/**
 * The Security Scheme Object that a requirement names: a component of the root document, or, from OpenAPI 3.2 on
 * (§4.30), what the name leads to as a reference.
 */
export function schemeOf(
  set: DocumentSet,
  root: SourceDocument,
  { name, at }: Pick<NamedScheme, 'name' | 'at'>,
): ObjectNode | undefined {
  const declared = declaredSchemes(root)
  if (Object.hasOwn(declared, name)) {
    const pointer = appendPointer('/components/securitySchemes', name)
    return followReferences(set, { document: root, pointer, value: declared[name] })
  }
  if (!isSchemeReference(root, name)) return undefined
  const target = set.resolve(at, name)
  return target === undefined ? undefined : followReferences(set, target)
}

/** True where the name in a requirement of a description is a reference. */
export function isSchemeReference(root: SourceDocument, name: string): boolean {
  return readsAsReference(name) && isOpenApi32(root)
}

/** `components.securitySchemes` of a root document. */
export function declaredSchemes({ root }: SourceDocument): Readonly<Record<string, unknown>> {
  const components: unknown = isObject(root) ? root['components'] : undefined
  const schemes: unknown = isObject(components) ? components['securitySchemes'] : undefined
  return isObject(schemes) ? schemes : {}
}
