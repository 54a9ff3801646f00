import { appendPointer, isObject } from '../../domain/index.ts'
import { objectGraph, type NodeType } from './object-graph.ts'
import { isOpenApi32 } from './openapi-version.ts'
import { readsAsReference } from './scheme-reference.ts'
import type { SourceDocument } from './source-document.ts'

/** One object of the graph, where it is written. */
export interface GraphNode {
  readonly type: NodeType
  readonly document: SourceDocument
  readonly pointer: string
  readonly value: Readonly<Record<string, unknown>>
}

export interface GraphReference {
  /** The node whose reference it is; its pointer is that of the object, not of the keyword. */
  readonly node: GraphNode
  readonly ref: string
  /** `$ref`; or `$dynamicRef`, which is followed to where it leads by itself; or the name in a security requirement. */
  readonly keyword: string
}

export interface GraphVisitor {
  readonly node?: (node: GraphNode) => void
  /** Says where the reference leads to, or undefined not to follow it. */
  readonly follow: (
    reference: GraphReference,
  ) => { readonly document: SourceDocument; readonly pointer: string; readonly value: unknown } | undefined
}

/** The objects that root documents reach and the references between them, as one walk met them. */
export interface ObjectGraph {
  readonly nodes: readonly GraphNode[]
  readonly references: readonly FollowedReference[]
}

export interface FollowedReference extends GraphReference {
  /** Undefined where the reference leads nowhere. */
  readonly target: ReturnType<GraphVisitor['follow']>
}

/** Walks the object graph and keeps what it meets, for all who would walk the same way. */
export function recordGraph(
  roots: readonly SourceDocument[],
  resolve: (from: GraphNode, ref: string) => FollowedReference['target'],
): ObjectGraph {
  const nodes: GraphNode[] = []
  const references: FollowedReference[] = []
  walkGraph(roots, {
    node: (node) => void nodes.push(node),
    follow: (reference) => {
      const target = resolve(reference.node, reference.ref)
      references.push({ node: reference.node, ref: reference.ref, keyword: reference.keyword, target })
      return target
    },
  })
  return { nodes, references }
}

/** A place to walk from. */
interface Start {
  readonly type: NodeType
  readonly document: SourceDocument
  readonly pointer: string
  readonly value: unknown
}

/** Knows its place by the node above, for few of the many pointers of a description are ever asked for. */
class Walked implements GraphNode {
  readonly type: NodeType
  readonly document: SourceDocument
  readonly value: Readonly<Record<string, unknown>>
  #above: Pick<GraphNode, 'pointer'> | string
  readonly #member: string
  readonly #name: string | undefined

  /** @param above the node that it stands in, by way of a member and perhaps a name in it; or its own pointer. */
  constructor(
    { type, document, value }: Omit<GraphNode, 'pointer'>,
    above: Pick<GraphNode, 'pointer'> | string,
    member = '',
    name?: string,
  ) {
    this.type = type
    this.document = document
    this.value = value
    this.#above = above
    this.#member = member
    this.#name = name
  }

  get pointer(): string {
    if (typeof this.#above === 'string') return this.#above
    let pointer = appendPointer(this.#above.pointer, this.#member)
    if (this.#name !== undefined) pointer = appendPointer(pointer, this.#name)
    // Whoever asks for one asks for those below it, too.
    this.#above = pointer
    return pointer
  }
}

/** The schema that stands in a schema of the same document, by way of a member and perhaps a name in it. */
export function schemaBelow(
  above: Pick<GraphNode, 'document' | 'pointer'>,
  value: GraphNode['value'],
  member: string,
  name?: string,
): GraphNode {
  return new Walked({ type: 'schema', document: above.document, value }, above, member, name)
}

/**
 * Walks the object graph from the given documents, through references, and visits each object once for each type it
 * is used as: shared, aliased and circular objects cost no more than others.
 */
export function walkGraph(roots: readonly SourceDocument[], visitor: GraphVisitor): void {
  const seen = new Map<NodeType, Set<object>>()
  const starts: Start[] = roots.map((document) => ({
    type: 'document',
    document,
    pointer: '',
    value: document.root,
  }))
  const requiresByReference = roots.some(isOpenApi32)
  // Targets of references are appended while this loop runs, so that a long chain of them takes no stack.
  for (const { type, document, pointer, value } of starts) {
    if (!isObject(value)) continue
    const stack = [new Walked({ type, document, value }, pointer)]
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (isSeen(seen, node)) continue
      visitor.node?.(node)
      if (isReferenceable(node.type)) followReference(node, '$ref', visitor, starts)
      if (isSchema(node.type)) followReference(node, '$dynamicRef', visitor, starts)
      if (requiresByReference && isSecured(node.type)) followRequirements(node, visitor, starts)
      pushChildren(node, stack)
    }
  }
}

function isSeen(seen: Map<NodeType, Set<object>>, { type, value }: GraphNode): boolean {
  let known = seen.get(type)
  if (known === undefined) seen.set(type, (known = new Set()))
  const { size } = known
  return known.add(value).size === size
}

function followReference(
  node: GraphNode,
  keyword: '$ref' | '$dynamicRef',
  visitor: GraphVisitor,
  starts: Start[],
): void {
  const ref = node.value[keyword]
  if (typeof ref !== 'string') return
  const target = visitor.follow({ node, ref, keyword })
  if (target !== undefined) starts.push({ ...target, type: node.type })
}

/** Follows the names in security requirements that are references. */
function followRequirements(node: GraphNode, visitor: GraphVisitor, starts: Start[]): void {
  const { security } = node.value
  const { document } = node
  for (const [index, value] of (Array.isArray(security) ? security : []).entries()) {
    if (!isObject(value)) continue
    const requirement = new Walked(
      { type: 'securityScheme', document, value },
      node,
      'security',
      String(index),
    )
    for (const name of Object.keys(value)) {
      if (!readsAsReference(name)) continue
      const target = visitor.follow({ node: requirement, ref: name, keyword: name })
      if (target !== undefined) starts.push({ ...target, type: 'securityScheme' })
    }
  }
}

function isSecured(type: NodeType): boolean {
  return type === 'document' || type === 'operation'
}

function isReferenceable(type: NodeType): boolean {
  return type !== 'document' && type !== 'components'
}

function isSchema(type: NodeType): boolean {
  return type === 'schema' || type === 'payload'
}

function pushChildren(node: Walked, stack: Walked[]): void {
  const { members, free } = objectGraph[node.type]
  const { document } = node
  const push = (type: NodeType, value: unknown, member: string, name?: string): void => {
    if (isObject(value)) stack.push(new Walked({ type, document, value }, node, member, name))
  }
  const first = stack.length
  for (const key of Object.keys(node.value)) {
    const value = node.value[key]
    if (typeof value !== 'object' || value === null) continue
    const edge = members.get(key)
    if (edge === undefined) {
      if (free !== undefined && !key.startsWith('x-')) push(free, value, key)
    } else if (edge.shape === 'one' && !Array.isArray(value)) {
      push(edge.type, value, key)
    } else {
      // `items` may be a list in drafts before 2020-12, so a list is looked into wherever objects may stand.
      const held = value as Readonly<Record<string, unknown>>
      for (const name of Object.keys(held)) push(edge.type, held[name], key, name)
    }
  }
  reverseFrom(stack, first)
}

/** The stack gives the last one first, and findings are made in the order of the text. */
function reverseFrom(stack: Walked[], first: number): void {
  for (let low = first, high = stack.length - 1; low < high; low++, high--) {
    const node = stack[low] as Walked
    stack[low] = stack[high] as Walked
    stack[high] = node
  }
}
