import { appendPointer, parsePointer } from '../../domain/index.ts'
import type { SourceDocument } from './source-document.ts'

/** Where a value is written. */
export interface Origin {
  readonly document: SourceDocument
  readonly pointer: string
}

type Scalar = string | number | boolean | null

/** A value of a description that is changed after it was read, which remembers where each part of it was written. */
export interface TreeNode {
  content: Scalar | Map<string, TreeNode> | TreeNode[]
  origin: Origin
}

export type ContentKind = 'object' | 'array' | 'primitive'

export function kindOf({ content }: TreeNode): ContentKind {
  if (content instanceof Map) return 'object'
  return Array.isArray(content) ? 'array' : 'primitive'
}

export function growTree(value: unknown, origin: Origin): TreeNode {
  const grow = (child: unknown, token: string | number) =>
    growTree(child, { document: origin.document, pointer: appendPointer(origin.pointer, token) })
  if (Array.isArray(value))
    return { content: value.map((child: unknown, index) => grow(child, index)), origin }
  if (typeof value === 'object' && value !== null) {
    return { content: new Map(Object.entries(value).map(([key, child]) => [key, grow(child, key)])), origin }
  }
  return { content: value as Scalar, origin }
}

/** A copy all parts of which come from one place, if one is given. */
export function cloneTree(node: TreeNode, origin?: Origin): TreeNode {
  const { content } = node
  const own = origin ?? node.origin
  if (content instanceof Map) {
    return {
      content: new Map([...content].map(([key, child]) => [key, cloneTree(child, origin)])),
      origin: own,
    }
  }
  if (Array.isArray(content))
    return { content: content.map((child) => cloneTree(child, origin)), origin: own }
  return { content, origin: own }
}

export function plainOf({ content }: TreeNode): unknown {
  if (Array.isArray(content)) return content.map(plainOf)
  if (!(content instanceof Map)) return content
  return Object.fromEntries([...content].map(([key, child]) => [key, plainOf(child)]))
}

/** The place of the value that the tokens of a JSON Pointer lead to; of the nearest ancestor where there is none. */
function originOf(root: TreeNode, tokens: readonly string[]): Origin & { readonly isFound: boolean } {
  let node = root
  for (const token of tokens) {
    const child = childOf(node, token)
    if (child === undefined) return { ...node.origin, isFound: false }
    node = child
  }
  return { ...node.origin, isFound: true }
}

function childOf({ content }: TreeNode, token: string): TreeNode | undefined {
  if (content instanceof Map) return content.get(token)
  return Array.isArray(content) && /^\d+$/.test(token) ? content[Number(token)] : undefined
}

export function childrenOf({ content }: TreeNode): readonly TreeNode[] {
  if (content instanceof Map) return [...content.values()]
  return Array.isArray(content) ? content : []
}

/** How many nodes and levels a value has. */
export function extentOf(node: TreeNode): { readonly nodes: number; readonly depth: number } {
  let nodes = 1
  let depth = 0
  for (const child of childrenOf(node)) {
    const extent = extentOf(child)
    nodes += extent.nodes
    depth = Math.max(depth, extent.depth)
  }
  return { nodes, depth: depth + 1 }
}

/** The document that a tree stands for: everything in it is located where it was written. */
export function treeDocument(source: SourceDocument, tree: TreeNode): SourceDocument {
  const locate: SourceDocument['locate'] = (pointer, part) => {
    const { document, pointer: at, isFound } = originOf(tree, parsePointer(pointer))
    return document.locate(at, isFound ? part : 'key')
  }
  const locateIn: SourceDocument['locateIn'] = (pointer, text, offset) => {
    const { document, pointer: at, isFound } = originOf(tree, parsePointer(pointer))
    return isFound ? document.locateIn(at, text, offset) : undefined
  }
  // What was put into it may mention anything.
  return { ...source, root: plainOf(tree), mentions: () => true, locate, locateIn }
}
