import type { CharSet } from './char-set.ts'
import { parsePattern } from './parse-pattern.ts'
import type { PatternNode } from './syntax-tree.ts'

/** RE2 counts no further. */
const MAX_REPEATS = 1000

/**
 * A regular expression of ECMA-262 in the syntax of RE2, which matches in time that grows with the text; undefined where
 * it has what RE2 does not: groups that look ahead or behind, back references, Unicode properties, counts above 1,000.
 * Classes are written out, for the two mean different characters by `\s` and `.`.
 */
export function linearPattern(source: string): string | undefined {
  const root = parsePattern(source)
  return root === undefined ? undefined : print(root)
}

function print(node: PatternNode): string | undefined {
  switch (node.type) {
    case 'set':
      return node.isSampled === true ? undefined : printSet(node.set)
    case 'assertion':
      return ASSERTIONS[node.kind]
    case 'sequence':
      return join(node.items, '')
    case 'choice':
      return join(node.options, '|')
    case 'repeat': {
      const { min, max } = node
      const item = print(node.item)
      const isCounted = Math.max(min, max === Infinity ? 0 : max) <= MAX_REPEATS
      return item === undefined || !isCounted ? undefined : `${item}{${min},${max === Infinity ? '' : max}}`
    }
  }
}

function join(nodes: readonly PatternNode[], separator: string): string | undefined {
  const parts = nodes.map(print)
  return parts.includes(undefined) ? undefined : `(?:${parts.join(separator)})`
}

const ASSERTIONS: Partial<Readonly<Record<string, string>>> = {
  start: String.raw`\A`,
  end: String.raw`\z`,
  boundary: String.raw`\b`,
  'no-boundary': String.raw`\B`,
}

/** The class of no characters is one that is written by its complement. */
function printSet(set: CharSet): string {
  if (set.length === 0) return String.raw`[^\x{0}-\x{10FFFF}]`
  const ranges = set.map(([first, last]) => `${point(first)}-${point(last)}`)
  return `[${ranges.join('')}]`
}

function point(codePoint: number): string {
  return String.raw`\x{${codePoint.toString(16)}}`
}
