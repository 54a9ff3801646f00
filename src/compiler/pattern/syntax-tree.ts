import type { CharSet } from './char-set.ts'

/** A regular expression, without what does not matter to how it is matched (captures, greed). */
export type PatternNode =
  /** `isSampled` where it has a Unicode property, of which not all characters are there. */
  | { readonly type: 'set'; readonly set: CharSet; readonly isSampled?: boolean }
  | { readonly type: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly type: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly type: 'repeat'; readonly item: PatternNode; readonly min: number; readonly max: number }
  /** What takes no characters: `^`, `$`, `\b`, `\B`, and groups that look ahead or behind, with what they look for. */
  | {
      readonly type: 'assertion'
      readonly kind: 'start' | 'end' | 'boundary' | 'no-boundary' | 'ahead' | 'behind'
      readonly content?: PatternNode
    }

/** Every group that looks ahead, with those within it. */
export function lookaheads(node: PatternNode): readonly PatternNode[] {
  switch (node.type) {
    case 'set':
      return []
    case 'sequence':
      return node.items.flatMap(lookaheads)
    case 'choice':
      return node.options.flatMap(lookaheads)
    case 'repeat':
      return lookaheads(node.item)
    case 'assertion':
      return node.kind === 'ahead' && node.content !== undefined
        ? [node.content, ...lookaheads(node.content)]
        : []
  }
}

/** True where every match begins at the start of the text. */
export function isAnchored(node: PatternNode): boolean {
  switch (node.type) {
    case 'set':
      return false
    case 'assertion':
      return node.kind === 'start'
    case 'choice':
      return node.options.every(isAnchored)
    case 'repeat':
      return node.min > 0 && isAnchored(node.item)
    case 'sequence': {
      const first = node.items.find((item) => item.type !== 'assertion' || item.kind === 'start')
      return first !== undefined && isAnchored(first)
    }
  }
}

/** How many characters every match of a part takes; undefined where that varies. */
export function lengthOf(node: PatternNode): number | undefined {
  switch (node.type) {
    case 'set':
      return 1
    case 'assertion':
      return 0
    case 'sequence':
      return node.items
        .map(lengthOf)
        .reduce((a, b) => (a === undefined || b === undefined ? undefined : a + b), 0)
    case 'choice': {
      const [first, ...others] = node.options.map(lengthOf)
      return others.every((length) => length === first) ? first : undefined
    }
    case 'repeat': {
      const length = node.min === node.max ? lengthOf(node.item) : undefined
      return length === undefined ? undefined : length * node.min
    }
  }
}
