import type { Node } from '../syntax/index.ts'

/** What an expression costs by itself: a unit for each of its parts, whether they are evaluated or not. */
export function staticCost(node: Node): number {
  return partsOf(node).reduce((cost, part) => cost + staticCost(part), 1)
}

/** The most variables of macros that are in scope at once. */
export function slotCount(node: Node): number {
  const below = Math.max(0, ...partsOf(node).map(slotCount))
  return node.kind === 'comprehension' ? below + 1 : below
}

function partsOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'literal':
    case 'identifier':
    case 'message':
      return []
    case 'select':
      return [node.operand]
    case 'index':
      return [node.operand, node.index]
    case 'call':
      return node.target === undefined ? node.operands : [node.target, ...node.operands]
    case 'and':
    case 'or':
      return node.terms
    case 'conditional':
      return [node.condition, node.yes, node.no]
    case 'list':
      return node.elements
    case 'map':
      return node.entries.flat()
    case 'comprehension':
      return [node.range, ...(node.filter === undefined ? [] : [node.filter]), node.body]
  }
}
