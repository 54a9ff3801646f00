import type { Node } from '../syntax/index.ts'
import type { Declarations } from '../types/index.ts'

/** What a chain of names begins with, and the fields that are selected from it. */
export type ResolvedName =
  | { readonly kind: 'local'; readonly slot: number; readonly fields: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly fields: readonly string[] }
  | { readonly kind: 'type'; readonly name: string; readonly fields: readonly string[] }

/** The variables of the macros around a place, the innermost last; the index is the slot. */
export type Scope = readonly string[]

/** The names that stand for types, as values. */
const TYPE_NAMES: ReadonlySet<string> = new Set([
  'bool',
  'bytes',
  'double',
  'google.protobuf.Duration',
  'google.protobuf.Timestamp',
  'int',
  'list',
  'map',
  'null_type',
  'string',
  'type',
  'uint',
])

/** The names of `a.b.c`, or undefined for a node that is more than names. */
export function namesOf(node: Node): readonly string[] | undefined {
  if (node.kind === 'identifier') return [node.name]
  if (node.kind !== 'select' || node.isTest) return undefined
  const before = namesOf(node.operand)
  return before === undefined ? undefined : [...before, node.field]
}

/**
 * Finds what names mean (langdef, "Name Resolution"): the variable of a macro, else the longest variable, else a type.
 * Undefined where they mean nothing.
 */
export function resolveName(node: Node, scope: Scope, declarations: Declarations): ResolvedName | undefined {
  const names = namesOf(node)
  const [first] = names ?? []
  if (names === undefined || first === undefined) return undefined
  const slot = isAbsolute(node) ? -1 : scope.lastIndexOf(first)
  if (slot !== -1) return { kind: 'local', slot, fields: names.slice(1) }
  for (let count = names.length; count > 0; count -= 1) {
    const name = names.slice(0, count).join('.')
    const fields = names.slice(count)
    if (Object.hasOwn(declarations, name)) return { kind: 'variable', name, fields }
    if (TYPE_NAMES.has(name) && fields.length === 0) return { kind: 'type', name, fields }
  }
  return undefined
}

function isAbsolute(node: Node): boolean {
  if (node.kind === 'select') return isAbsolute(node.operand)
  return node.kind === 'identifier' && node.isAbsolute
}
