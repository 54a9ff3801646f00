import { appendPointer, type Finding } from '../../domain/index.ts'
import type { SourceDocument } from '../document/index.ts'
import { inputFault } from './input-fault.ts'

// Raw text is valid UTF-8, so that half a surrogate pair can only be written as an escape.
const SURROGATE_ESCAPE = /\\[uU](?:0000)?[dD][89abAB]|\\[uU](?:0000)?[dD][c-fC-F]/

/** Finds texts with half a surrogate pair, which have no form in UTF-8 and so none in an artifact (RFC 7493 §2.1). */
export function checkStrings(document: SourceDocument): readonly Finding[] {
  const { text } = document
  // A single character is looked for far faster than a pattern, and many texts have no escape at all.
  if (!text.includes('\\') || !SURROGATE_ESCAPE.test(text)) return []
  const findings: Finding[] = []
  const seen = new Set<object>()
  const look = (value: unknown, pointer: string): void => {
    if (typeof value === 'string' && !value.isWellFormed()) report(pointer, 'value')
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    for (const [key, member] of Object.entries(value)) {
      const at = appendPointer(pointer, key)
      if (key.isWellFormed()) look(member, at)
      else report(at, 'key')
    }
  }
  const report = (pointer: string, part: 'key' | 'value'): void => {
    const hint = 'Write both halves of the pair, or the character itself.'
    findings.push(inputFault(document.locate(pointer, part), 'The text has half a surrogate pair', hint))
  }
  look(document.root, '')
  return findings
}
