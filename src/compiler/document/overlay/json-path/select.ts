import { childrenOf, type TreeNode } from '../../tree.ts'
import type { Comparable, Operator, Query, Selector, Test } from './query.ts'

/** A selected value, and what holds it. */
export interface Selected {
  readonly node: TreeNode
  readonly parent: TreeNode | undefined
  /** The levels above it. */
  readonly depth: number
}

/** More steps than this are refused: a filter that looks through the whole document at each of its values. */
const MAX_STEPS = 20_000_000

export class PathCostError extends Error {}

/** The values that a query selects in a document, each once, in the order of RFC 9535 §2. */
export function select(query: Query, root: TreeNode): readonly Selected[] {
  return selectFrom(query, root, { root, steps: 0 })
}

interface Run {
  readonly root: TreeNode
  steps: number
}

function selectFrom(query: Query, current: TreeNode, run: Run): readonly Selected[] {
  const start = query.from === '$' ? run.root : current
  let selected: readonly Selected[] = [{ node: start, parent: undefined, depth: 0 }]
  for (const { isDescendant, selectors } of query.segments) {
    const found = new Map<TreeNode, Selected>()
    for (const one of selected) {
      for (const holder of isDescendant ? withDescendants(one, run) : [one]) {
        for (const selector of selectors) {
          for (const node of pick(selector, holder.node, run)) {
            count(run)
            if (!found.has(node)) found.set(node, { node, parent: holder.node, depth: holder.depth + 1 })
          }
        }
      }
    }
    selected = [...found.values()]
  }
  return selected
}

function count(run: Run): void {
  run.steps += 1
  if (run.steps > MAX_STEPS) throw new PathCostError(`It takes more than ${MAX_STEPS} steps`)
}

function* withDescendants(top: Selected, run: Run): Generator<Selected> {
  const pending = [top]
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    count(run)
    yield one
    const { node, depth } = one
    for (const child of childrenOf(node).toReversed())
      pending.push({ node: child, parent: node, depth: depth + 1 })
  }
}

function pick(selector: Selector, { content }: TreeNode, run: Run): readonly TreeNode[] {
  if (selector.kind === 'name') {
    const child = content instanceof Map ? content.get(selector.name) : undefined
    return child === undefined ? [] : [child]
  }
  const list = Array.isArray(content) ? content : []
  if (selector.kind === 'index')
    return list.at(selector.index) === undefined ? [] : list.slice(selector.index).slice(0, 1)
  if (selector.kind === 'slice') return slice(list, selector)
  const children = content instanceof Map ? [...content.values()] : list
  if (selector.kind === 'wildcard') return children
  return children.filter((child) => holds(selector.test, child, run))
}

/** RFC 9535 §2.3.4.2.2. */
function slice(
  list: readonly TreeNode[],
  { start, end, step }: Extract<Selector, { kind: 'slice' }>,
): readonly TreeNode[] {
  const size = list.length
  const bound = (index: number, low: number, high: number): number =>
    Math.min(Math.max(index >= 0 ? index : size + index, low), high)
  const found: TreeNode[] = []
  const add = (index: number): void => {
    const node = list[index]
    if (node !== undefined) found.push(node)
  }
  if (step > 0) {
    const upper = bound(end ?? size, 0, size)
    for (let index = bound(start ?? 0, 0, size); index < upper; index += step) add(index)
  } else if (step < 0) {
    const lower = end === undefined ? -1 : bound(end, -1, size - 1)
    for (let index = bound(start ?? size - 1, -1, size - 1); index > lower; index += step) add(index)
  }
  return found
}

function holds(test: Test, current: TreeNode, run: Run): boolean {
  count(run)
  if (test.kind === 'compare') {
    return compare(test.operator, valueOf(test.left, current, run), valueOf(test.right, current, run))
  }
  if (test.kind === 'exists') return selectFrom(test.query, current, run).length > 0
  if (test.kind === 'not') return !holds(test.test, current, run)
  if (test.kind === 'and') return test.tests.every((part) => holds(part, current, run))
  return test.tests.some((part) => holds(part, current, run))
}

function compare(operator: Operator, left: Value, right: Value): boolean {
  if (operator === '!=') return !isEqual(left, right)
  if (operator.includes('=') && isEqual(left, right)) return true
  if (operator.startsWith('<')) return isLess(left, right)
  return operator.startsWith('>') && isLess(right, left)
}

function valueOf(side: Comparable, current: TreeNode, run: Run): TreeNode['content'] | undefined {
  return 'query' in side ? selectFrom(side.query, current, run)[0]?.node.content : side.literal
}

type Value = TreeNode['content'] | undefined

/** RFC 9535 §2.3.5.2.2: nothing equals nothing, objects and arrays are compared by what they hold. */
function isEqual(left: Value, right: Value): boolean {
  if (left instanceof Map && right instanceof Map) {
    return (
      left.size === right.size &&
      [...left].every(([key, node]) => isEqual(node.content, right.get(key)?.content))
    )
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return (
      left.length === right.length &&
      left.every((node, index) => isEqual(node.content, right[index]?.content))
    )
  }
  return left === right
}

function isLess(left: Value, right: Value): boolean {
  const isComparable =
    (typeof left === 'number' && typeof right === 'number') ||
    (typeof left === 'string' && typeof right === 'string')
  return isComparable && left < right
}
