import { parsePattern } from './parse-pattern.ts'
import { isAnchored, type PatternNode } from './syntax-tree.ts'

/** True where a pattern matches the whole text and no text is longer than a certain length. */
export function isBounded(pattern: string): boolean {
  const root = parsePattern(pattern)
  return root !== undefined && isAnchored(root) && isAnchoredAtEnd(root) && Number.isFinite(longest(root))
}

function isAnchoredAtEnd(node: PatternNode): boolean {
  if (node.type === 'assertion') return node.kind === 'end'
  if (node.type === 'choice') return node.options.every(isAnchoredAtEnd)
  const last = node.type === 'sequence' ? node.items.at(-1) : undefined
  return last !== undefined && isAnchoredAtEnd(last)
}

function longest(node: PatternNode): number {
  switch (node.type) {
    case 'set':
      return 1
    case 'assertion':
      return 0
    case 'sequence':
      return node.items.reduce((sum, item) => sum + longest(item), 0)
    case 'choice':
      return Math.max(...node.options.map(longest))
    case 'repeat': {
      const length = longest(node.item)
      return length === 0 ? 0 : length * node.max
    }
  }
}
