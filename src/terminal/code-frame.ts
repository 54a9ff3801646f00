import type { Location } from '../domain/index.ts'
import type { Style } from './style.ts'
import { visible } from './plain-text.ts'

const WIDTH = 96

/** The line of a place with the line before it, and carets below what is meant. */
export function renderCodeFrame(text: string, at: Location, style: Style): readonly string[] {
  const lines = text.split(/\r?\n/, at.line)
  const line = lines[at.line - 1]
  if (line === undefined) return []
  const gutter = String(at.line).length
  // A line of a minified document is cut around the place.
  const from = at.col > WIDTH ? at.col - Math.floor(WIDTH / 2) : 0
  const before = lines[at.line - 2]
  const end = at.endLine === at.line && at.endCol !== undefined ? at.endCol : at.col + 1
  const carets = Math.max(1, Math.min(end, line.length + 1, from + WIDTH) - at.col)
  return [
    ...(before === undefined || from > 0 ? [] : [numbered(at.line - 1, before)]),
    numbered(at.line, line.slice(from)),
    style.dim(`${' '.repeat(gutter)} | `) + ' '.repeat(at.col - 1 - from) + style.red('^'.repeat(carets)),
  ]

  function numbered(number: number, content: string): string {
    const shown = visible(content.slice(0, WIDTH).replaceAll('\t', ' '))
    return style.dim(`${String(number).padStart(gutter)} | `) + shown
  }
}
