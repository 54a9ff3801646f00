import type { DuplicateKey, FindSpan, Span } from './span.ts'

/** Where a value of a document stands in its text. An alias of YAML shares the outline of its anchor. */
export interface Outline {
  readonly start: number
  end: number
  readonly members?: Map<string, Member>
  readonly items?: Outline[]
}

interface Member {
  readonly key: Span
  value: Outline
}

/** The outline of a whole text, and the keys that are written again in the same mapping. */
export interface OutlinedText {
  readonly root: Outline
  readonly duplicates: readonly DuplicateKey[]
}

/** Receives the tokens of a document in order and builds its outline; it does not recurse. */
export interface OutlineBuilder {
  readonly open: (start: number, kind: 'map' | 'list') => Outline
  readonly close: (end?: number) => void
  readonly value: (outline: Outline) => void
  readonly key: (text: string, span: Span) => void
  /** True where the next token of the innermost mapping is a key. */
  readonly expectsKey: () => boolean
  readonly finish: () => OutlinedText
}

interface Frame {
  readonly outline: Outline
  pending: { readonly text: string; readonly span: Span } | undefined
}

export function createOutlineBuilder(): OutlineBuilder {
  const frames: Frame[] = []
  const duplicates: DuplicateKey[] = []
  let root: Outline = { start: 0, end: 0 }

  const attach = (outline: Outline): void => {
    const frame = frames.at(-1)
    if (frame === undefined) root = outline
    else if (frame.outline.items !== undefined) frame.outline.items.push(outline)
    else if (frame.pending !== undefined) {
      const { text, span } = frame.pending
      if (frame.outline.members?.has(text)) duplicates.push({ key: text, ...span })
      // The last of two equal keys is the one that parsers keep.
      frame.outline.members?.set(text, { key: span, value: outline })
      frame.pending = undefined
    }
    if (frame !== undefined) frame.outline.end = Math.max(frame.outline.end, outline.end)
  }

  return {
    open: (start, kind) => {
      const outline: Outline =
        kind === 'map' ? { start, end: start, members: new Map() } : { start, end: start, items: [] }
      attach(outline)
      frames.push({ outline, pending: undefined })
      return outline
    },
    close: (end) => {
      const closed = frames.pop()
      if (closed === undefined) return
      if (end !== undefined) closed.outline.end = end
      const parent = frames.at(-1)
      if (parent !== undefined) parent.outline.end = Math.max(parent.outline.end, closed.outline.end)
    },
    value: attach,
    key: (text, span) => {
      const frame = frames.at(-1)
      if (frame !== undefined) frame.pending = { text, span }
    },
    expectsKey: () => {
      const frame = frames.at(-1)
      return frame?.outline.members !== undefined && frame.pending === undefined
    },
    finish: () => ({ root, duplicates }),
  }
}

export function createOutlineFinder(root: Outline): FindSpan {
  return (tokens) => {
    let value = root
    let key: Span | undefined
    for (const token of tokens) {
      const member = value.members?.get(token)
      const next = member?.value ?? value.items?.[Number(token)]
      if (next === undefined) return { value, key, found: false }
      value = next
      key = member?.key
    }
    return { value, key, found: true }
  }
}
