import type { JsonValue } from '../../domain/index.ts'

type Level = 'breaking' | 'risky' | 'safe'

/** One difference between two APIs. */
export interface ChangeLine {
  readonly id: string
  readonly subject: { readonly operation: string | null; readonly pointer: string }
  readonly level: Level
  readonly before: JsonValue
  readonly after: JsonValue
  readonly reason: string
}

/** The differences between two APIs, the gravest first. */
export interface DiffPage {
  /** As they were named. */
  readonly before: string
  readonly after: string
  readonly changes: readonly ChangeLine[]
  readonly counts: Readonly<Record<Level, number>>
  readonly operations: Readonly<Record<'added' | 'changed' | 'removed', readonly string[]>>
}

export const levels: readonly Level[] = ['breaking', 'risky', 'safe']

/** The same change of several operations, which share what was changed. */
export interface ChangeGroup {
  readonly change: ChangeLine
  readonly operations: readonly string[]
}

/** The changes of one level, those that differ in their operation only as one. */
export function groupChanges(page: DiffPage, level: Level): readonly ChangeGroup[] {
  const groups = new Map<string, { readonly change: ChangeLine; readonly operations: string[] }>()
  for (const change of page.changes) {
    if (change.level !== level) continue
    const { id, subject, before, after } = change
    const key = JSON.stringify([id, subject.operation === null, subject.pointer, before, after])
    const group = groups.get(key) ?? { change, operations: [] }
    if (subject.operation !== null) group.operations.push(subject.operation)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** `1 breaking, 0 risky, 3 safe`. */
export function formatCounts({ counts }: Pick<DiffPage, 'counts'>): string {
  return levels.map((level) => `${counts[level]} ${level}`).join(', ')
}

const MAX_VALUE_LENGTH = 80

/** `1 → 2`; the empty text where neither side has a value, or both are masked alike. */
export function formatValues({ before, after }: Pick<ChangeLine, 'before' | 'after'>): string {
  if (before === null && after === null) return ''
  return `${formatValue(before)} → ${formatValue(after)}`
}

function formatValue(value: JsonValue): string {
  if (value === null) return 'none'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH - 1)}…` : text
}
