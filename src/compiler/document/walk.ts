import { appendPointer, isObject } from '../../domain/index.ts'
import { objectGraph, type NodeType } from './object-graph.ts'
import type { SourceDocument } from './source-document.ts'

/** One object of the graph, where it is written. */
export interface GraphNode {
  readonly type: NodeType
  readonly document: SourceDocument
  readonly pointer: string
  readonly value: Readonly<Record<string, unknown>>
}

export interface GraphReference {
  /** The node whose `$ref` it is; its pointer is that of the object, not of the `$ref`. */
  readonly node: GraphNode
  readonly ref: string
}

export interface GraphVisitor {
  readonly node?: (node: GraphNode) => void
  /** Says where the reference leads to, or undefined not to follow it. */
  readonly follow: (
    reference: GraphReference,
  ) => { readonly document: SourceDocument; readonly pointer: string; readonly value: unknown } | undefined
}

interface Pending {
  readonly type: NodeType
  readonly document: SourceDocument
  readonly pointer: string
  readonly value: unknown
}

/**
 * Walks the object graph from the given documents, through references, and visits each object once for each type it
 * is used as: shared, aliased and circular objects cost no more than others.
 */
export function walkGraph(roots: readonly SourceDocument[], visitor: GraphVisitor): void {
  const seen = new Map<NodeType, Set<object>>()
  const pending: Pending[] = roots.map((document) => ({
    type: 'document',
    document,
    pointer: '',
    value: document.root,
  }))
  // Targets of references are appended while this loop runs, so that a long chain of them takes no stack.
  for (const start of pending) {
    const stack: Pending[] = [start]
    for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
      if (!isObject(item.value) || isSeen(seen, item.type, item.value)) continue
      const node: GraphNode = { ...item, value: item.value }
      visitor.node?.(node)
      const target = followReference(node, visitor)
      if (target !== undefined) pending.push(target)
      pushChildren(node, stack)
    }
  }
}

function isSeen(seen: Map<NodeType, Set<object>>, type: NodeType, value: object): boolean {
  let known = seen.get(type)
  if (known === undefined) seen.set(type, (known = new Set()))
  if (known.has(value)) return true
  known.add(value)
  return false
}

function followReference(node: GraphNode, visitor: GraphVisitor): Pending | undefined {
  const ref = node.value['$ref']
  if (typeof ref !== 'string' || !isReferenceable(node.type)) return undefined
  const target = visitor.follow({ node, ref })
  return target === undefined ? undefined : { type: node.type, ...target }
}

function isReferenceable(type: NodeType): boolean {
  return type !== 'document' && type !== 'components'
}

function pushChildren(node: GraphNode, stack: Pending[]): void {
  const { members, free } = objectGraph[node.type]
  const { document } = node
  // Pushed in reverse, because the stack gives the last one first and findings are made in the order of the text.
  for (const [key, value] of Object.entries(node.value).toReversed()) {
    if (typeof value !== 'object' || value === null) continue
    const edge = members.get(key)
    if (edge === undefined && (free === undefined || key.startsWith('x-'))) continue
    const pointer = appendPointer(node.pointer, key)
    if (edge === undefined) {
      if (free !== undefined) stack.push({ type: free, document, pointer, value })
    } else if (edge.shape === 'one' && !Array.isArray(value)) {
      stack.push({ type: edge.type, document, pointer, value })
    } else {
      // `items` may be a list in drafts before 2020-12, so a list is looked into wherever objects may stand.
      for (const [name, child] of Object.entries(value).toReversed()) {
        const at = appendPointer(pointer, name)
        stack.push({ type: edge.type, document, pointer: at, value: child })
      }
    }
  }
}
