import { parsePattern } from '../../src/compiler/pattern/parse-pattern.ts'
import { isAnchored, type PatternNode } from '../../src/compiler/pattern/syntax-tree.ts'

/** More is not counted: the point is made. */
export const MAX_STEPS = 300_000

/** How many characters a backtracking matcher (ECMA-262 §22.2.2) looks at until it has matched a text, or given up. */
export function countMatchSteps(pattern: string, text: string): number {
  const root = parsePattern(pattern)
  if (root === undefined) throw new Error(`${pattern} cannot be parsed`)
  let steps = 0
  const match = (node: PatternNode, at: number, then: (at: number) => boolean): boolean => {
    if (steps > MAX_STEPS) return true
    switch (node.type) {
      case 'set': {
        steps += 1
        const point = text.codePointAt(at)
        return point !== undefined && node.set.some(([a, b]) => point >= a && point <= b) && then(at + 1)
      }
      case 'sequence': {
        const from = (index: number, at: number): boolean => {
          const item = node.items[index]
          return item === undefined ? then(at) : match(item, at, (next) => from(index + 1, next))
        }
        return from(0, at)
      }
      case 'choice':
        return node.options.some((option) => match(option, at, then))
      case 'repeat': {
        const again = (count: number, at: number): boolean => {
          const more = (next: number): boolean =>
            next === at && count >= node.min ? false : again(count + 1, next)
          return (count < node.max && match(node.item, at, more)) || (count >= node.min && then(at))
        }
        return again(0, at)
      }
      case 'assertion':
        if (node.kind === 'start') return at === 0 && then(at)
        if (node.kind === 'end') return at === text.length && then(at)
        if (node.kind === 'ahead' && node.content !== undefined)
          return match(node.content, at, () => true) && then(at)
        return then(at)
    }
  }
  const starts = isAnchored(root) ? 0 : text.length
  for (let start = 0; start <= starts; start += 1) if (match(root, start, () => true)) break
  return steps
}
